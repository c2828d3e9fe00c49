import { useQuery } from '@tanstack/react-query'
import type { RuleFigure } from '../../../../server/compliance/schema.ts'
import { address } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'
import { useAddress } from '../../components/useAddress.ts'

const NAMES = ['asOf', 'knownAt', 'county', 'operator'] as const

/** The figures that the address asks for. */
export function useFigures() {
  const { values, set } = useAddress(NAMES)
  const query = useQuery({ ...queries.compliance(values), placeholderData: (before) => before })
  return { filters: values, set, query }
}

/**
 * The plan's targets and the figures that it only wants reported. A part of the city has no count targets of its own,
 * so that what comes before the first fleet is told by the plan's order.
 */
export function splitRules(rules: readonly RuleFigure[]): { targets: RuleFigure[]; others: RuleFigure[] } {
  const fleets = rules.findIndex((rule) => rule.kind === 'rising-share')
  const isTarget = (rule: RuleFigure, index: number) => rule.target !== null || (fleets > 0 && index < fleets)
  return { targets: rules.filter(isTarget), others: rules.filter((rule, index) => !isTarget(rule, index)) }
}

/** Where the changes behind a number are listed, narrowed as the number is. */
export const evidenceAddress = (
  rule: string,
  filters: Record<(typeof NAMES)[number], string>,
  more: Record<string, string> = {},
) => address(`/evidence/${rule}`, { ...filters, ...more })
