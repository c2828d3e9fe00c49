import { type Policy, policy } from '../policy.ts'
import linhai from './linhai-2025.json' with { type: 'json' }
import nanping from './nanping-2024.json' with { type: 'json' }

/** The policies that ship with the product, by id; the second is a fictitious city's, as an example. */
export const SHIPPED: Readonly<Record<string, Policy>> = Object.fromEntries(
  [nanping, linhai].map((document) => [document.id, policy.parse(document)]),
)

/** The one that a new database gets when nothing is said. */
export const DEFAULT_POLICY = nanping.id
