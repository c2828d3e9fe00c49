import { DatePicker } from 'antd'
import dayjs from 'dayjs'
import { CATEGORIES } from '../../../../server/domain/vocabulary.ts'
import { useMe } from '../../app/session.tsx'
import { CountyChoice, OperatorChoice, useCountyName, useOperatorName } from '../../components/choices.tsx'
import { type Chip, chipOf, chipsOf, FilterBar, ManyChoice } from '../../components/FilterBar.tsx'
import { useText } from '../../i18n/index.ts'

/** The part of the city, in the address as in the API. */
export const PLACE = ['county', 'operator'] as const
/** What narrows the vehicles that are due. */
export const FILTERS = [...PLACE, 'category', 'until', 'month', 'overdue', 'undetermined'] as const
type Name = (typeof FILTERS)[number]
export type DueValues = Record<Name, string>
type Set<K extends string> = (changes: Partial<Record<K, string | undefined>>) => void

/** Chooses the part of the city, for those who see more than one. */
export function PlaceChoices(props: {
  values: Record<(typeof PLACE)[number], string>
  set: Set<(typeof PLACE)[number]>
}) {
  const { values, set } = props
  const me = useMe()
  return (
    <>
      {me.county === null && me.operator === null && (
        <CountyChoice value={values.county} onChange={(county) => set({ county })} />
      )}
      {me.operator === null && (
        <OperatorChoice value={values.operator} onChange={(operator) => set({ operator })} />
      )}
    </>
  )
}

/** The filters of what is due. */
export function DueFilters(props: { values: DueValues; set: Set<Name>; clear: () => void }) {
  const { values, set, clear } = props
  const { t, label } = useText()
  return (
    <FilterBar chips={useChips(values, set)} onClear={clear}>
      <PlaceChoices values={values} set={set} />
      <ManyChoice
        label={t('vehicles.category')}
        value={values.category}
        options={CATEGORIES.map((value) => ({ value, label: label('category', value) }))}
        onChange={(category) => set({ category })}
        testId="filter-category"
      />
      <DatePicker
        value={values.until ? dayjs(values.until) : null}
        onChange={(day) => set({ until: day?.format('YYYY-MM-DD') })}
        placeholder={t('due.until')}
        aria-label={t('due.untilHint')}
        data-testid="filter-until"
      />
    </FilterBar>
  )
}

function useChips(values: DueValues, set: Set<Name>): Chip[] {
  const { t, label } = useText()
  const countyName = useCountyName()
  const operatorName = useOperatorName()
  const one = chipOf(values, set)
  return [
    ...one('county', t('common.county'), countyName),
    ...one('operator', t('common.operator'), operatorName),
    ...chipsOf(
      'category',
      t('vehicles.category'),
      values.category,
      (v) => label('category', v),
      (category) => set({ category }),
    ),
    ...one('until', t('due.until')),
    ...one('month', t('due.chipMonth')),
    ...one('overdue', t('due.chipState'), (v) => t(v === 'true' ? 'due.overdue' : 'due.notOverdue')),
    ...one('undetermined', t('due.chipState'), () => t('due.undetermined')),
  ]
}
