import type { Policy } from '../policy.ts'
import { nanping2024 } from './nanping-2024.ts'

/** The policies that ship with the product, by id. */
export const SHIPPED: Readonly<Record<string, Policy>> = { [nanping2024.id]: nanping2024 }

/** The one that a new database gets when nothing is said. */
export const DEFAULT_POLICY = nanping2024.id
