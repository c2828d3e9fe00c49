import type { z } from 'zod'
import type { Language } from '../accounts/schema.ts'
import type { AuditAction, AuditTargetKind } from '../audit/actions.ts'
import { within } from '../compliance/routes.ts'
import { type Attachment, sendAttachment } from '../http/attachment.ts'
import { defineRoute, type Route } from '../http/route.ts'
import { language, TYPES } from './routes.ts'
import type { Wanted } from './service.ts'
import { FORMATS } from './table.ts'

type Place = { county?: string | undefined; operator?: string | undefined }

interface FileHead<Q extends z.ZodObject> {
  /** without the ending */
  path: string
  /** what is in it, in the words of the API description */
  summary: string
  query: Q
  audit: AuditAction
  target: AuditTargetKind
  languageOf: (account: string) => Promise<Language>
  /** @param query narrowed to the caller's scope already */
  make: (query: z.output<Q> & Place, wanted: Wanted) => Promise<Attachment>
}

/** The routes of a list as a file, one for each format. */
export const fileRoutes = <Q extends z.ZodObject>(head: FileHead<Q>): Route[] =>
  FORMATS.map((format) =>
    defineRoute({
      method: 'get',
      path: `${head.path}.${format}`,
      summary: `${head.summary}, as .${format}`,
      permission: 'read',
      query: head.query.extend(language),
      produces: TYPES[format].split(';')[0] ?? '',
      audit: head.audit,
      handle: async ({ query: asked, caller, now, res, audit }) => {
        const { language, ...filter } = asked as z.output<Q> & Place & { language?: Language }
        audit({ target: { kind: head.target }, detail: filter })
        const wanted = { caller, now, format, language: language ?? (await head.languageOf(caller.id)) }
        const file = await head.make(within(filter as z.output<Q> & Place, caller.scope), wanted)
        await sendAttachment(res, file, TYPES[format])
      },
    }),
  )
