import { SHIPPED } from '../../server/domain/policies/index.ts'
import type { Policy } from '../../server/domain/policy.ts'
import { effectivePolicy } from '../../server/domain/policy-readings.ts'

const shipped = (id: string): Policy => {
  const document = SHIPPED[id]
  if (!document) throw new Error(`no policy ${id} ships`)
  return document
}

/** The shipped documents as they are, their readings not applied. */
export const NANPING = shipped('nanping-2024')
export const LINHAI = shipped('linhai-2025')

/** The same as figures are made by them. */
export const nanping2024 = effectivePolicy(NANPING)
export const linhai2025 = effectivePolicy(LINHAI)
