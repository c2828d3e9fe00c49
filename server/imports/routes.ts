import { z } from 'zod'
import { importTouched } from '../audit/touched.ts'
import { defineRoute } from '../http/route.ts'
import { objectId, pageOf } from '../http/schema.ts'
import type { ImportEditing } from './editing.ts'
import type { ImportEvents } from './events.ts'
import type { ImportFiles } from './files.ts'
import { receiveFile } from './receive.ts'
import {
  importRow,
  importsQuery,
  importView,
  mapImport,
  mendedImport,
  mendImport,
  rowsQuery,
  sendFields,
} from './schema.ts'
import type { ImportService } from './service.ts'

const byId = z.object({ id: objectId })

interface Parts {
  imports: ImportService
  importEditing: ImportEditing
  importEvents: ImportEvents
  importFiles: ImportFiles
}

/** Sending lists, looking at them, mending them and saying how they are to be read. */
export const importRoutes = (
  { imports, importEditing, importEvents, importFiles }: Parts,
  limitBytes: number,
) => [
  defineRoute({
    method: 'post',
    path: '/imports',
    summary:
      'Send a list (.xlsx, .xls, .csv) as the field "file" of a form, perhaps with operator, mode, asOf',
    permission: 'import.send',
    audit: 'import.send',
    multipart: sendFields,
    status: 202,
    answer: importView.pick({ id: true, status: true }),
    handle: async ({ req, caller, now, audit }) => {
      const file = await receiveFile(req, limitBytes, importFiles)
      const { filename, size, fields } = file
      audit({ target: { kind: 'import', label: filename }, detail: { filename, size, ...fields } })
      const sent = await imports.receive(file, caller, now)
      audit({ target: { kind: 'import', id: sent.id, label: filename } })
      return sent
    },
  }),
  defineRoute({
    method: 'get',
    path: '/imports',
    summary: 'The lists that were sent, newest first',
    permission: 'read',
    query: importsQuery,
    answer: pageOf(importView),
    handle: ({ query, caller }) => imports.list(query, caller),
  }),
  defineRoute({
    method: 'get',
    path: '/imports/:id',
    summary: 'A list: its progress, counts and effects',
    permission: 'read',
    params: byId,
    answer: importView,
    handle: ({ params, caller, now }) => imports.get(params.id, caller, now),
  }),
  defineRoute({
    method: 'get',
    path: '/imports/:id/events',
    summary: 'The progress of work on a list, as server-sent events',
    permission: 'read',
    params: byId,
    handle: ({ params, caller, res }) => importEvents.stream(params.id, caller, res),
  }),
  defineRoute({
    method: 'get',
    path: '/imports/:id/rows',
    summary: 'The rows of a list with their outcomes and issues',
    permission: 'read',
    params: byId,
    query: rowsQuery,
    answer: pageOf(importRow),
    handle: ({ params, query, caller }) => imports.listRows(params.id, query, caller),
  }),
  defineRoute({
    method: 'post',
    path: '/imports/:id/mend',
    summary: 'Mend cells of a list and check it again',
    permission: 'import.send',
    audit: 'import.mend',
    params: byId,
    body: mendImport,
    answer: mendedImport,
    handle: async ({ params, body, caller, now, audit }) => {
      const { trail, ...mended } = await importEditing.mend(params.id, body, caller, now)
      audit({ ...importTouched(mended.view, trail.detail), before: trail.before, after: trail.after })
      return mended
    },
  }),
  defineRoute({
    method: 'post',
    path: '/imports/:id/mapping',
    summary: 'Say how a list is to be read: sheets, columns, words, what it leaves out',
    permission: 'import.send',
    audit: 'import.map',
    params: byId,
    body: mapImport,
    status: 202,
    answer: importView,
    handle: async ({ params, body, caller, now, audit }) => {
      const list = await importEditing.map(params.id, body, caller, now)
      audit(importTouched(list, body))
      return list
    },
  }),
  defineRoute({
    method: 'post',
    path: '/imports/:id/recheck',
    summary: 'Check a list again, against the register as it has become',
    permission: 'import.send',
    audit: 'import.recheck',
    params: byId,
    status: 202,
    answer: importView,
    handle: async ({ params, caller, now, audit }) => {
      const list = await importEditing.recheck(params.id, caller, now)
      audit(importTouched(list))
      return list
    },
  }),
]
