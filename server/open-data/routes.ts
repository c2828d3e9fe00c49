import type { Language } from '../accounts/schema.ts'
import { sendAttachment } from '../http/attachment.ts'
import { type Caller, defineRoute, type Route } from '../http/route.ts'
import { openData, openDataQuery } from './schema.ts'
import type { OpenDataService } from './service.ts'

interface Parts {
  openData: OpenDataService
  languageOf: (account: string) => Promise<Language>
}

/** The data that the bureau may hand out, and what is in them. */
export function openDataRoutes({ openData: service, languageOf }: Parts): Route[] {
  const language = async (asked: Language | undefined, caller: Caller) =>
    asked ?? (await languageOf(caller.id))
  return [
    defineRoute({
      method: 'get',
      path: '/open-data',
      summary: 'What the open data are, described by column (a Data Package)',
      permission: 'read',
      query: openDataQuery,
      answer: openData,
      handle: async ({ query, caller, now }) =>
        service.index(caller, await language(query.language, caller), now),
    }),
    ...(['figures', 'changes'] as const).map((name) =>
      defineRoute({
        method: 'get',
        path: `/open-data/${name}.csv`,
        summary:
          name === 'figures'
            ? 'Every rule’s figures by month and place'
            : 'All changes, without what names anybody',
        permission: 'read',
        query: openDataQuery,
        produces: 'text/csv',
        audit: 'open-data.export',
        handle: async ({ query, caller, now, res, audit }) => {
          audit({ target: { kind: 'rule' }, detail: { file: `${name}.csv` } })
          const file = await service[name](caller, await language(query.language, caller), now)
          await sendAttachment(res, file, 'text/csv; charset=utf-8')
        },
      }),
    ),
  ]
}
