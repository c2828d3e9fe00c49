import { createHash } from 'node:crypto'
import { type Connection, Schema } from 'mongoose'
import { normaliseCreditCode } from '../domain/credit-code.ts'
import type { Category } from '../domain/vocabulary.ts'
import type { Contact } from './schema.ts'

export interface OperatorDoc {
  _id: string
  name: string
  aliases: string[]
  /** every name that leads here, normalised; unique over all operators */
  keys: string[]
  creditCode: string | null
  county: string | null
  categories: Category[]
  contacts?: Contact[]
  /** its lists are approved without an officer when nothing is wrong with them */
  trusted?: boolean
  /** it has to report every month; absent: it has */
  reportsMonthly?: boolean
}

const schema = new Schema<OperatorDoc>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    aliases: [String],
    keys: [String],
    creditCode: { type: String, default: null },
    county: { type: String, default: null },
    categories: [String] as never,
    contacts: [Schema.Types.Mixed] as never,
    trusted: { type: Boolean, default: false },
    reportsMonthly: { type: Boolean, default: true },
  },
  { versionKey: false },
)
schema.index({ keys: 1 }, { unique: true })

export const operatorModel = (connection: Connection) =>
  connection.model<OperatorDoc>('Operator', schema, 'operators')

/** A name as it is compared: NFKC, without spaces and brackets' kinds, upper case. */
export const operatorKey = (name: string): string =>
  name
    .normalize('NFKC')
    .toUpperCase()
    .replace(/\s/g, '')
    .replace(/[[【〔]/g, '(')
    .replace(/[\]】〕]/g, ')')

/** The id that an operator registered under a name gets: the same wherever and whenever it is made. */
export const operatorIdFor = (name: string): string =>
  `op-${createHash('sha256').update(operatorKey(name)).digest('hex').slice(0, 16)}`

/** What leads to an operator: its names and its credit code. */
export const keysOf = ({
  name,
  aliases,
  creditCode,
}: Pick<OperatorDoc, 'name' | 'aliases' | 'creditCode'>) => [
  ...new Set([name, ...aliases, ...(creditCode ? [creditCode] : [])].map(operatorKey)),
]

/** An operator that nothing but its name is known of; a name that is a credit code is taken for that, too. */
export function bareOperator(given: string): OperatorDoc {
  const name = given.normalize('NFKC').trim()
  const key = operatorKey(name)
  const creditCode = /^[0-9A-Z]{18}$/.test(key) ? normaliseCreditCode(key) : null
  const none = { aliases: [], county: null, categories: [], contacts: [] }
  return {
    _id: operatorIdFor(name),
    name,
    keys: [key],
    creditCode,
    ...none,
    trusted: false,
    reportsMonthly: true,
  }
}
