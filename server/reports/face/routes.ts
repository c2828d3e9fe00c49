import { z } from 'zod'
import type { Language } from '../../accounts/schema.ts'
import { language, TYPES } from '../../exports/routes.ts'
import { sendAttachment } from '../../http/attachment.ts'
import { defineRoute } from '../../http/route.ts'
import { objectId } from '../../http/schema.ts'
import type { PaperWanted, ReportFiles } from './files.ts'

const byId = z.object({ id: objectId })
const query = z.object(language)

interface Parts {
  reportFiles: ReportFiles
  languageOf: (account: string) => Promise<Language>
}

/** A report as a paper to look at and as files. They stand before `/reports/:id`, which would take these names for ids. */
export const reportFileRoutes = ({ reportFiles, languageOf }: Parts) => {
  const wanted = async (asked: Language | undefined, caller: PaperWanted['caller'], now: Date) => ({
    ...{ caller, now },
    language: asked ?? (await languageOf(caller.id)),
  })
  return [
    defineRoute({
      method: 'get',
      path: '/reports/:id/paper',
      summary: 'A report as an HTML document, the caller’s part of it, to be shown',
      permission: 'read',
      params: byId,
      query,
      answer: z.object({ number: z.string(), html: z.string() }),
      handle: async ({ params, query, caller, now }) =>
        reportFiles.page(params.id, await wanted(query.language, caller, now)),
    }),
    defineRoute({
      method: 'get',
      path: '/reports/:id.html',
      summary: 'A report as an HTML document that stands alone, to be printed on A4 and filed',
      permission: 'read',
      params: byId,
      query,
      produces: 'text/html',
      audit: 'report.export',
      handle: async ({ params, query, caller, now, res, audit }) => {
        audit({ target: { kind: 'report', id: params.id }, detail: { format: 'html' } })
        const file = await reportFiles.html(params.id, await wanted(query.language, caller, now))
        await sendAttachment(res, file, 'text/html; charset=utf-8')
      },
    }),
    defineRoute({
      method: 'get',
      path: '/reports/:id.xlsx',
      summary: 'A report’s figures as .xlsx, with the numbers behind its charts',
      permission: 'read',
      params: byId,
      query,
      produces: TYPES.xlsx,
      audit: 'report.export',
      handle: async ({ params, query, caller, now, res, audit }) => {
        audit({ target: { kind: 'report', id: params.id }, detail: { format: 'xlsx' } })
        const file = await reportFiles.xlsx(params.id, await wanted(query.language, caller, now))
        await sendAttachment(res, file, TYPES.xlsx)
      },
    }),
  ]
}
