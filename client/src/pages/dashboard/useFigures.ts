import { useQuery } from '@tanstack/react-query'
import type { Compliance, RuleFigure } from '../../../../server/compliance/schema.ts'
import { address } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'
import { useAddress } from '../../components/useAddress.ts'
import { usePast } from '../../components/usePast.ts'

/** The past and the part of the city that figures are of; '' for the present and for all of it. */
export type FigureFilters = Record<'asOf' | 'knownAt' | 'county' | 'operator', string>

/** How often figures of an empty ledger are looked at anew. */
const EMPTY_MS = 3000

export const isEmpty = (data: Compliance): boolean =>
  data.rules.every((rule) => rule.numerator === 0 && (rule.denominator ?? 0) === 0 && rule.undetermined === 0)

/** The figures that the address asks for. */
export function useFigures() {
  const { asOf, knownAt } = usePast()
  const { values, set, clear, active } = useAddress(['county', 'operator'] as const)
  const filters: FigureFilters = { asOf, knownAt, ...values }
  const query = useQuery({
    ...queries.compliance(filters),
    placeholderData: (before) => before,
    // The first list may be on its way: what it brings is shown without being asked for again.
    refetchInterval: ({ state }) => (state.data && isEmpty(state.data) ? EMPTY_MS : false),
  })
  return { filters, set, clear, narrowed: active, query }
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
export const evidenceAddress = (rule: string, filters: FigureFilters, more: Record<string, string> = {}) =>
  address(`/evidence/${rule}`, { ...filters, ...more })

/** Where a figure is told in its parts, narrowed as the figure is. */
export const breakdownAddress = (rule: string, filters: FigureFilters, more: Record<string, string> = {}) =>
  address(`/breakdown/${rule}`, { ...filters, ...more })

/** Where vehicles are completed that a figure cannot count yet: in the present only, where something can be entered. */
export const undeterminedAddress = (rule: string, filters: FigureFilters) =>
  filters.asOf === '' && filters.knownAt === ''
    ? address(`/undetermined/${rule}`, { county: filters.county, operator: filters.operator })
    : evidenceAddress(rule, filters, { undetermined: 'true' })
