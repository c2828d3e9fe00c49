import { Checkbox, DatePicker } from 'antd'
import dayjs from 'dayjs'
import { KINDS } from '../../../../server/domain/vocabulary.ts'
import { useMe } from '../../app/session.tsx'
import { CountyChoice, OperatorChoice, useCountyName, useOperatorName } from '../../components/choices.tsx'
import { useRuleTitle } from '../../components/EffectList.tsx'
import { type Chip, chipsOf, FilterBar, ManyChoice } from '../../components/FilterBar.tsx'
import { useText } from '../../i18n/index.ts'

/** The names of the filters, in the address as in the API. */
export const FILTERS = [
  ...(['kind', 'from', 'to', 'county', 'operator', 'includeVoided', 'import', 'rule'] as const),
] as const
type Name = (typeof FILTERS)[number]
type Values = Record<Name, string>
type Change = (changes: Partial<Record<Name, string | undefined>>) => void

/** The filters of the ledger. */
export function ChangeFilters({ values, set }: { values: Values; set: Change }) {
  const { t, label } = useText()
  const me = useMe()
  const chips = useChips(values, set)
  const day = (value: string) => (value === '' ? null : dayjs(value))
  return (
    <FilterBar chips={chips} onClear={() => set(Object.fromEntries(FILTERS.map((name) => [name, ''])))}>
      <ManyChoice
        label={t('changes.kind')}
        value={values.kind}
        options={KINDS.map((value) => ({ value, label: label('kind', value) }))}
        onChange={(kind) => set({ kind })}
        testId="filter-kind"
      />
      <DatePicker.RangePicker
        className="filter-wide"
        allowEmpty={[true, true]}
        value={[day(values.from), day(values.to)]}
        onChange={(range) =>
          set({ from: range?.[0]?.format('YYYY-MM-DD'), to: range?.[1]?.format('YYYY-MM-DD') })
        }
        placeholder={[t('filters.from'), t('filters.to')]}
        aria-label={t('changes.period')}
      />
      {me.county === null && me.operator === null && (
        <CountyChoice value={values.county} onChange={(county) => set({ county })} />
      )}
      {me.operator === null && (
        <OperatorChoice value={values.operator} onChange={(operator) => set({ operator })} />
      )}
      <Checkbox
        className="filter-auto filter-check"
        checked={values.includeVoided === 'true'}
        onChange={(event) => set({ includeVoided: event.target.checked ? 'true' : '' })}
        data-testid="include-voided"
      >
        {t('changes.includeVoided')}
      </Checkbox>
    </FilterBar>
  )
}

function useChips(values: Values, set: Change): Chip[] {
  const { t, label } = useText()
  const countyName = useCountyName()
  const operatorName = useOperatorName()
  const ruleTitle = useRuleTitle()
  const one = (key: Name, name: string, word: (value: string) => string): Chip[] =>
    values[key] === '' ? [] : [{ key, name, value: word(values[key]), clear: () => set({ [key]: '' }) }]
  return [
    ...chipsOf(
      'kind',
      t('changes.kind'),
      values.kind,
      (v) => label('kind', v),
      (kind) => set({ kind }),
    ),
    ...one('from', t('changes.period'), (date) => t('filters.since', { date })),
    ...one('to', t('changes.period'), (date) => t('filters.until', { date })),
    ...one('county', t('common.county'), countyName),
    ...one('operator', t('common.operator'), operatorName),
    ...one('rule', t('filters.rule'), ruleTitle),
    ...one('import', t('evidence.source'), () => t('filters.oneList')),
    ...one('includeVoided', t('vehicles.status'), () => t('changes.includeVoided')),
  ]
}
