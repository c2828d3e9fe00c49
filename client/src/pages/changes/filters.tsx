import { Checkbox } from 'antd'
import { KINDS } from '../../../../server/domain/vocabulary.ts'
import { useMe } from '../../app/session.tsx'
import {
  CountyChoice,
  OperatorChoice,
  RangeChoice,
  useCountyName,
  useOperatorName,
} from '../../components/choices.tsx'
import { useRuleTitle } from '../../components/EffectList.tsx'
import { type Chip, chipOf, chipsOf, FilterBar, ManyChoice } from '../../components/FilterBar.tsx'
import { useText } from '../../i18n/index.ts'

/** The names of the filters, in the address as in the API. */
export const FILTERS = [
  ...(['kind', 'from', 'to', 'county', 'operator', 'includeVoided', 'import', 'rule'] as const),
] as const
type Name = (typeof FILTERS)[number]
type Values = Record<Name, string>
type Change = (changes: Partial<Record<Name, string | undefined>>) => void

/** The filters of the ledger. */
export function ChangeFilters(props: { values: Values; set: Change; clear: () => void }) {
  const { values, set, clear } = props
  const { t, label } = useText()
  const me = useMe()
  const chips = useChips(values, set)
  return (
    <FilterBar chips={chips} onClear={clear}>
      <ManyChoice
        label={t('changes.kind')}
        value={values.kind}
        options={KINDS.map((value) => ({ value, label: label('kind', value) }))}
        onChange={(kind) => set({ kind })}
        testId="filter-kind"
      />
      <RangeChoice values={values} onChange={set} label={t('changes.period')} />
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
  const one = chipOf(values, set)
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
