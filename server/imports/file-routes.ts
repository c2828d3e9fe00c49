import { z } from 'zod'
import { LANGUAGES, type Language } from '../accounts/schema.ts'
import { CATEGORIES } from '../domain/vocabulary.ts'
import { sendAttachment } from '../http/attachment.ts'
import { defineRoute } from '../http/route.ts'
import { objectId } from '../http/schema.ts'
import type { Downloads } from './downloads.ts'

const byId = z.object({ id: objectId })
/** in which language a workbook is worded; the account's own when it is not said */
const language = z.enum(LANGUAGES).optional()
/** the type of a file that no browser opens by itself */
const ANY_FILE = 'application/octet-stream'
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** Files of lists: forms to fill in, lists with their faults marked, lists as they were sent. */
export const importFileRoutes = (
  downloads: Downloads,
  languageOf: (account: string) => Promise<Language>,
) => [
  defineRoute({
    method: 'get',
    path: '/imports/template.xlsx',
    summary:
      'A form to fill in, perhaps for one category; with fleet=true the vehicles that an operator has in service',
    permission: 'read',
    audit: 'import.template',
    query: z.object({
      category: z.enum(CATEGORIES).optional(),
      operator: z.string().trim().min(1).max(100).optional(),
      fleet: z.enum(['true', 'false']).optional(),
      language,
    }),
    produces: XLSX,
    handle: async ({ query, caller, now, res }) => {
      const words = query.language ?? (await languageOf(caller.id))
      const wanted = { ...query, fleet: query.fleet === 'true', language: words }
      await sendAttachment(res, await downloads.template(wanted, caller, now), XLSX)
    },
  }),
  defineRoute({
    method: 'get',
    path: '/imports/:id/errors.xlsx',
    summary: 'A list as it was sent, with its faults marked: to mend and send again',
    permission: 'read',
    audit: 'import.errors-file',
    params: byId,
    query: z.object({ language }),
    produces: XLSX,
    handle: async ({ params, query, caller, res }) => {
      const words = query.language ?? (await languageOf(caller.id))
      await sendAttachment(res, await downloads.errorsFile(params.id, words, caller), XLSX)
    },
  }),
  defineRoute({
    method: 'get',
    path: '/imports/:id/file',
    summary: 'The file of a list as it was sent',
    permission: 'read',
    audit: 'import.file',
    params: byId,
    produces: ANY_FILE,
    handle: async ({ params, caller, res }) =>
      sendAttachment(res, await downloads.original(params.id, caller), ANY_FILE),
  }),
]
