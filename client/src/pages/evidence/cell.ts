import { useQuery } from '@tanstack/react-query'
import type { RuleFigure } from '../../../../server/compliance/schema.ts'
import { address } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'
import { type Chip, chipOf } from '../../components/FilterBar.tsx'
import { useText } from '../../i18n/index.ts'

type Cell = Record<'category' | 'energy' | 'month', string>
type Query = Cell & Record<'asOf' | 'knownAt' | 'county' | 'operator', string>

/**
 * A rule with the numbers of one cell of its breakdown in place of its own; undefined until both are read.
 * @param isCell whether anything but the place narrows it
 * @param rule the rule as the figures of its place have it
 */
export function useCell(
  id: string,
  query: Query,
  isCell: boolean,
  rule: RuleFigure | undefined,
): RuleFigure | undefined {
  const { month, asOf, knownAt, county, operator, category, energy } = query
  const narrow = { asOf, knownAt, county, operator, category, energy }
  // The parts of any heading add up to the cell; a month is one of the parts itself.
  const by = month === '' ? 'category' : 'month'
  const parts = useQuery({ ...queries.breakdown(id, { ...narrow, by }), enabled: isCell })
  if (!rule || !isCell) return rule
  if (!parts.data) return undefined
  const { total, items } = parts.data
  const cell = month === '' ? total : items.find(({ key }) => key === month)
  const { value, numerator, denominator, undetermined } = cell ?? NOTHING
  return { ...rule, value, numerator, denominator, undetermined }
}

const NOTHING = { value: null, numerator: 0, denominator: 0, undetermined: 0 }

/** What the cell is of, each to be taken away. */
export function useCellChips(values: Cell, set: (changes: Partial<Cell>) => void): Chip[] {
  const { t, label } = useText()
  const one = chipOf(values, set)
  return [
    ...one('category', t('field.category'), (value) => label('category', value)),
    ...one('energy', t('field.energy'), (value) => label('energy', value)),
    ...one('month', t('chart.month')),
  ]
}

/** The breakdown that a cell was opened from: without what the cell itself is narrowed by. */
export const breakdownOf = (id: string, by: string, { asOf, knownAt, county, operator }: Query): string =>
  address(`/breakdown/${id}`, {
    ...{ by, asOf, knownAt },
    county: by === 'county' ? '' : county,
    operator: by === 'operator' ? '' : operator,
  })
