import { z } from 'zod'
import { LANGUAGES, type Language } from '../accounts/schema.ts'
import { changeFilter } from '../changes/schema.ts'
import { within } from '../compliance/routes.ts'
import { evidenceFilter } from '../compliance/schema.ts'
import { sendAttachment } from '../http/attachment.ts'
import { type Caller, defineRoute, type Route } from '../http/route.ts'
import { vehicleFilter } from '../vehicles/schema.ts'
import type { Exports } from './service.ts'
import { FORMATS, type Format } from './table.ts'

/** Media types of files. */
export const TYPES: Record<Format, string> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
}
/** in which language a file is worded; the account's own when it is not said */
export const language = { language: z.enum(LANGUAGES).optional() }

interface Parts {
  exports: Exports
  languageOf: (account: string) => Promise<Language>
}

/** Lists as files, each in every format. */
export const exportRoutes = (parts: Parts): Route[] => FORMATS.flatMap((format) => routesFor(format, parts))

function routesFor(format: Format, { exports, languageOf }: Parts): Route[] {
  const produces = TYPES[format].split(';')[0] ?? ''
  const wanted = async (asked: Language | undefined, caller: Caller, now: Date) => ({
    ...{ caller, now, format },
    language: asked ?? (await languageOf(caller.id)),
  })
  return [
    defineRoute({
      method: 'get',
      path: `/vehicles.${format}`,
      summary: `All vehicles that the filters of GET /vehicles let through, as .${format}`,
      permission: 'read',
      query: vehicleFilter.extend(language),
      produces,
      audit: 'vehicle.export',
      handle: async ({ query: { language, ...filter }, caller, now, res, audit }) => {
        audit({ target: { kind: 'vehicle' }, detail: filter })
        const file = await exports.vehicles(filter, await wanted(language, caller, now))
        await sendAttachment(res, file, TYPES[format])
      },
    }),
    defineRoute({
      method: 'get',
      path: `/changes.${format}`,
      summary: `All entries that the filters of GET /changes let through, as .${format}`,
      permission: 'read',
      query: changeFilter.extend(language),
      produces,
      audit: 'change.export',
      handle: async ({ query: { language, ...filter }, caller, now, res, audit }) => {
        audit({ target: { kind: 'change' }, detail: filter })
        const file = await exports.changes(filter, await wanted(language, caller, now))
        await sendAttachment(res, file, TYPES[format])
      },
    }),
    defineRoute({
      method: 'get',
      path: `/compliance/:rule/evidence.${format}`,
      summary: `All changes that a figure is made of, as .${format}`,
      permission: 'read',
      params: z.object({ rule: z.string().max(60) }),
      query: evidenceFilter.extend(language),
      produces,
      audit: 'evidence.export',
      handle: async ({ params, query: { language, ...filter }, caller, now, res, audit }) => {
        audit({ target: { kind: 'rule', id: params.rule }, detail: filter })
        const query = within(filter, caller.scope)
        const file = await exports.evidence(params.rule, query, await wanted(language, caller, now))
        await sendAttachment(res, file, TYPES[format])
      },
    }),
  ]
}
