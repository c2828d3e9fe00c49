import { type Connection, Schema, type Types } from 'mongoose'
import type { AlertFigure, CourseSums } from '../domain/alert.ts'
import type { CivilDate } from '../domain/civil-date.ts'
import type { AlertFacts } from './schema.ts'

/** The whole city among the places whose figures are watched. */
export const CITY = 'city'

/** How each rule stands in one place: a county's code, or `city`. */
export type Standing = Record<
  string,
  AlertFigure & { needed: number | null; yearBefore?: CourseSums['yearBefore'] }
>

/** How the rules stood when somebody looked. */
export interface Look {
  /** everything recorded or voided up to here is in it */
  knownAt: Date
  day: CivilDate
  policyVersion: number
  standings: Record<string, Standing>
}

/**
 * The last look at the figures, and the next one while what lies between is being told. There is one such document: a
 * look that was begun is finished by whoever comes next, with the same alerts under the same keys.
 */
export interface LookDoc extends Look {
  _id: 'ledger'
  /** how many looks there were: part of the alerts' keys */
  n: number
  pending: (Look & { at: Date }) | null
}

/** An alert: what happened to one rule's figure in one place. Never changed but for how its mail stands. */
export interface AlertDoc extends AlertFacts {
  _id: Types.ObjectId
  /** look|place|rule: told once, however often the work is repeated */
  key: string
  at: Date
  /** whether it still has to go into a mail */
  mail: 'due' | 'done'
  /** when it did; null for one that nobody is to have by mail */
  mailedAt: Date | null
}

/** Which alerts are being put into mails: begun once, finished by whoever comes next. */
export interface AlertRoundDoc {
  _id: 'mails'
  n: number
  pending: { at: Date; alerts: Types.ObjectId[] } | null
}

const schema = new Schema<AlertDoc>({}, { strict: false, versionKey: false, minimize: false })
schema.index({ key: 1 }, { unique: true })
schema.index({ county: 1, at: -1, _id: -1 })
schema.index({ county: 1, rule: 1, at: -1, _id: -1 })
schema.index({ mail: 1, at: 1 }, { partialFilterExpression: { mail: 'due' } })
// Which figures were mailed lately.
schema.index({ mailedAt: 1 })

export const alertModel = (connection: Connection) => connection.model<AlertDoc>('Alert', schema, 'alerts')
export type AlertModel = ReturnType<typeof alertModel>

/** Where the last look and the round of mails are kept. */
export const alertState = (connection: Connection) => ({
  looks: connection.collection<LookDoc>('alert-state'),
  rounds: connection.collection<AlertRoundDoc>('alert-state'),
})
