import type { Connection } from 'mongoose'
import type { AccountDoc, AccountModel } from '../accounts/model.ts'
import type { OperatorDoc } from '../operators/model.ts'
import type { Addressed } from './reminder-model.ts'
import type { Reach } from './reminder-schema.ts'

/** Whom a reminder of an operator goes to. */
export interface Reachable {
  reach: Reach
  to: Addressed[]
}

/**
 * Who can be told at each of some operators: everybody who signs in to an account of it; else the addresses that the
 * register has; else nobody. An address that a mail server has refused for good reaches nobody.
 */
export async function reachableAt(
  operators: readonly OperatorDoc[],
  accounts: AccountModel,
): Promise<Map<string, Reachable>> {
  const used = {
    ...{ role: 'operator', active: true, operator: { $in: operators.map((o) => o._id) } },
    ...{ passwordHash: { $type: 'string' }, lastSignInAt: { $type: 'date' } },
  }
  const people = await accounts.collection
    .find<AccountDoc>(used as never)
    .sort({ _id: 1 })
    .toArray()
  const contacts = new Map(operators.map((operator) => [operator._id, contactsOf(operator)]))
  const named = [...contacts.values()].flat()
  const refused = await refusedAmong(
    [...people, ...named].map(({ email }) => email),
    accounts.db,
  )
  const isReached = ({ email }: { email: string }) => !refused.has(email.toLowerCase())
  return new Map(
    operators.map((operator) => {
      const own = people.filter((p) => p.operator === operator._id && isReached(p)).map(ofAccount)
      const named = own.length > 0 ? [] : (contacts.get(operator._id) ?? []).filter(isReached)
      const reach = own.length > 0 ? 'accounts' : named.length > 0 ? 'contacts' : 'nobody'
      return [operator._id, { reach, to: [...own, ...named] }]
    }),
  )
}

/** Those of some addresses to which no mail is sent, as the outbox keeps them. */
async function refusedAmong(emails: readonly string[], connection: Connection): Promise<Set<unknown>> {
  const address = { $in: [...new Set(emails.map((email) => email.toLowerCase()))] }
  return new Set(await connection.collection('disabled-addresses').distinct('address', { address }))
}

const ofAccount = ({ _id, email, name, language }: AccountDoc): Addressed => ({
  ...{ account: _id.toHexString(), email, name, language },
})

/** The register's contacts, each address once; nobody has said in which language they read. */
function contactsOf({ _id, contacts = [] }: OperatorDoc): Addressed[] {
  const byEmail = new Map(contacts.flatMap(({ name, email }) => (email ? [[email.toLowerCase(), name]] : [])))
  return [...byEmail].map(([email, name], i) => ({
    ...{ account: `contact-${i + 1}-${_id}`.slice(0, 60), email, name, language: 'zh-CN' },
  }))
}
