import { regionByCode } from '../domain/regions.ts'
import type { AccountDoc } from './model.ts'
import type { Account } from './schema.ts'
import { wishesOf } from './wishes.ts'

/**
 * An account as people see it: what is named here, and nothing else of the document.
 * @param operators names by id
 */
export function accountView(doc: AccountDoc, operators: ReadonlyMap<string, string>): Account {
  const region = doc.county === null ? undefined : regionByCode(doc.county)
  return {
    id: doc._id.toHexString(),
    email: doc.email,
    name: doc.name,
    role: doc.role,
    county: doc.county,
    countyName: (doc.language === 'en' ? region?.english : region?.name) ?? doc.county,
    operator: doc.operator,
    operatorName: doc.operator && (operators.get(doc.operator) ?? doc.operator),
    language: doc.language,
    ...wishesOf(doc.role, doc),
    active: doc.active,
    invited: doc.passwordHash === null,
    secondFactor: doc.authenticator !== undefined,
    lastSignInAt: doc.lastSignInAt?.toISOString() ?? null,
    createdAt: doc.createdAt.toISOString(),
  }
}
