import { z } from 'zod'
import { defineRoute } from '../http/route.ts'
import { objectId, pageOf, paging } from '../http/schema.ts'
import { receiveFile } from './receive.ts'
import { importRow, importView, rejectImport, rowsQuery } from './schema.ts'
import type { ImportService } from './service.ts'

const byId = z.object({ id: objectId })

/** Sending, previewing and deciding lists. */
export const importRoutes = (imports: ImportService, limitBytes: number) => [
  defineRoute({
    method: 'post',
    path: '/imports',
    summary: 'Send a list (.xlsx, .xls, .csv) as the field "file" of a form',
    permission: 'import.send',
    multipart: true,
    status: 202,
    answer: importView.pick({ id: true, status: true }),
    handle: async ({ req, caller, now }) => imports.receive(await receiveFile(req, limitBytes), caller, now),
  }),
  defineRoute({
    method: 'get',
    path: '/imports',
    summary: 'The lists that were sent, newest first',
    permission: 'read',
    query: paging,
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
    handle: ({ params, caller }) => imports.get(params.id, caller),
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
    path: '/imports/:id/approve',
    summary: 'Record the good rows of a checked list',
    permission: 'import.decide',
    params: byId,
    status: 202,
    answer: importView,
    handle: ({ params, caller, now }) => imports.approve(params.id, caller, now),
  }),
  defineRoute({
    method: 'post',
    path: '/imports/:id/reject',
    summary: 'Return a checked list with a reason',
    permission: 'import.decide',
    params: byId,
    body: rejectImport,
    answer: importView,
    handle: ({ params, body, caller, now }) => imports.reject(params.id, body.reason, caller, now),
  }),
  defineRoute({
    method: 'post',
    path: '/imports/:id/recheck',
    summary: 'Check a list again, against the register as it has become',
    permission: 'import.send',
    params: byId,
    status: 202,
    answer: importView,
    handle: ({ params, caller }) => imports.recheck(params.id, caller),
  }),
]
