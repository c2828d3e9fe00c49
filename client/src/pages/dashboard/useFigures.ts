import { useQuery } from '@tanstack/react-query'
import { address } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'
import { useAddress } from '../../components/useAddress.ts'

const NAMES = ['asOf', 'knownAt', 'county', 'operator'] as const

/** The figures that the address asks for. */
export function useFigures() {
  const { values, set, active } = useAddress(NAMES)
  const query = useQuery({ ...queries.compliance(values), placeholderData: (before) => before })
  return { filters: values, set, active, query }
}

/** Where the changes behind a number are listed, narrowed as the number is. */
export const evidenceAddress = (rule: string, filters: Record<(typeof NAMES)[number], string>, more: Record<string, string> = {}) =>
  address(`/evidence/${rule}`, { ...filters, ...more })
