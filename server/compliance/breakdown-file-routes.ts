import { z } from 'zod'
import type { Language } from '../accounts/schema.ts'
import { language, TYPES } from '../exports/routes.ts'
import { FORMATS } from '../exports/table.ts'
import { sendAttachment } from '../http/attachment.ts'
import { defineRoute, type Route } from '../http/route.ts'
import type { BreakdownFiles } from './breakdown-files.ts'
import { within } from './routes.ts'
import { breakdownQuery } from './schema.ts'

interface Parts {
  breakdownFiles: BreakdownFiles
  languageOf: (account: string) => Promise<Language>
}

/** A figure's parts as a file, one route for each format. */
export const breakdownFileRoutes = ({ breakdownFiles, languageOf }: Parts): Route[] =>
  FORMATS.map((format) =>
    defineRoute({
      method: 'get',
      path: `/compliance/:rule/breakdown.${format}`,
      summary: `A figure in its parts, as .${format}`,
      permission: 'read',
      params: z.object({ rule: z.string().max(60) }),
      query: breakdownQuery.extend(language),
      produces: TYPES[format].split(';')[0] ?? '',
      audit: 'evidence.export',
      handle: async ({ params, query: { language, ...query }, caller, now, res, audit }) => {
        audit({ target: { kind: 'rule', id: params.rule }, detail: query })
        const wanted = { caller, now, format, language: language ?? (await languageOf(caller.id)) }
        const file = await breakdownFiles.breakdown(params.rule, within(query, caller.scope), wanted)
        await sendAttachment(res, file, TYPES[format])
      },
    }),
  )
