import { DatePicker, InputNumber, Select } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { CATEGORIES, EMISSIONS, ENERGIES, STATUSES } from '../../../../server/domain/vocabulary.ts'
import { useMe } from '../../app/session.tsx'
import { CountyChoice, OperatorChoice, useCountyName, useOperatorName } from '../../components/choices.tsx'
import { type Chip, chipOf, chipsOf, FilterBar, ManyChoice } from '../../components/FilterBar.tsx'
import { SearchField } from '../../components/SearchField.tsx'
import { useText } from '../../i18n/index.ts'

/** The names of the filters, in the address as in the API. */
export const FILTERS = [
  ...(['q', 'category', 'energy', 'emission', 'status', 'county', 'operator'] as const),
  ...(['ageFrom', 'ageTo', 'inServiceOn'] as const),
] as const
type Name = (typeof FILTERS)[number]
export type Values = Record<Name, string>
type Change = (changes: Partial<Record<Name, string | undefined>>, options?: { replace?: boolean }) => void

/** The emission standards, and `none` for vehicles of which nobody has said any. */
const EMISSION_CHOICES = [...EMISSIONS, 'none'] as const

/** The filters of the register. */
export function VehicleFilters(props: { values: Values; set: Change; clear: () => void }) {
  const { values, set, clear } = props
  const { t, label } = useText()
  const me = useMe()
  const chips = useChips(values, set)
  const emission = useEmissionWord()
  return (
    <FilterBar
      search={
        <SearchField
          value={values.q}
          onChange={(q) => set({ q }, { replace: true })}
          label={t('vehicles.search')}
          testId="vehicle-search"
        />
      }
      chips={chips}
      onClear={clear}
    >
      <ManyChoice
        label={t('vehicles.category')}
        value={values.category}
        options={CATEGORIES.map((value) => ({ value, label: label('category', value) }))}
        onChange={(category) => set({ category })}
        testId="filter-category"
      />
      <ManyChoice
        label={t('vehicles.energy')}
        value={values.energy}
        options={ENERGIES.map((value) => ({ value, label: label('energy', value) }))}
        onChange={(energy) => set({ energy })}
        testId="filter-energy"
      />
      <ManyChoice
        label={t('field.emission')}
        value={values.emission}
        options={EMISSION_CHOICES.map((value) => ({ value, label: emission(value) }))}
        onChange={(chosen) => set({ emission: chosen })}
        testId="filter-emission"
      />
      <Select
        allowClear
        value={values.status || undefined}
        onChange={(status) => set({ status })}
        placeholder={t('vehicles.status')}
        aria-label={t('vehicles.status')}
        options={STATUSES.map((value) => ({ value, label: label('vehicleStatus', value) }))}
        data-testid="filter-status"
      />
      {me.county === null && me.operator === null && (
        <CountyChoice value={values.county} onChange={(county) => set({ county })} />
      )}
      {me.operator === null && (
        <OperatorChoice value={values.operator} onChange={(operator) => set({ operator })} />
      )}
      <DatePicker
        value={values.inServiceOn ? dayjs(values.inServiceOn) : null}
        onChange={(day) => set({ inServiceOn: day?.format('YYYY-MM-DD') })}
        placeholder={t('filters.inServiceOn')}
        aria-label={t('filters.inServiceOn')}
        data-testid="filter-in-service"
      />
      <Age key={`${values.ageFrom} ${values.ageTo}`} values={values} set={set} />
    </FilterBar>
  )
}

/** From and to in full years; asked for when a field is left or Enter is pressed, not at each digit. */
function Age({ values, set }: { values: Values; set: Change }) {
  const { t } = useText()
  const [from, setFrom] = useState(values.ageFrom)
  const [to, setTo] = useState(values.ageTo)
  const commit = () => {
    if (from === values.ageFrom && to === values.ageTo) return
    const swapped = from !== '' && to !== '' && Number(from) > Number(to)
    set({ ageFrom: swapped ? to : from, ageTo: swapped ? from : to })
  }
  const field = (value: string, put: (value: string) => void, name: 'ageFrom' | 'ageTo') => (
    <InputNumber
      min={0}
      max={99}
      precision={0}
      controls={false}
      value={value === '' ? null : Number(value)}
      onChange={(years) => put(years === null ? '' : String(years))}
      onBlur={commit}
      onPressEnter={commit}
      aria-label={t(`filters.${name}`)}
      data-testid={`filter-${name}`}
    />
  )
  return (
    <span className="age">
      {t('filters.age')}
      {field(from, setFrom, 'ageFrom')}–{field(to, setTo, 'ageTo')}
      {t('filters.years')}
    </span>
  )
}

function useEmissionWord(): (value: string) => string {
  const { t, label } = useText()
  return (value) => (value === 'none' ? t('filters.emissionNone') : label('emission', value))
}

function useChips(values: Values, set: Change): Chip[] {
  const { t, label } = useText()
  const countyName = useCountyName()
  const operatorName = useOperatorName()
  const emission = useEmissionWord()
  const one = chipOf(values, set)
  return [
    ...one('q', t('filters.q')),
    ...chipsOf(
      'category',
      t('vehicles.category'),
      values.category,
      (v) => label('category', v),
      (category) => set({ category }),
    ),
    ...chipsOf(
      'energy',
      t('vehicles.energy'),
      values.energy,
      (v) => label('energy', v),
      (energy) => set({ energy }),
    ),
    ...chipsOf('emission', t('field.emission'), values.emission, emission, (chosen) =>
      set({ emission: chosen }),
    ),
    ...one('status', t('vehicles.status'), (v) => label('vehicleStatus', v)),
    ...one('county', t('common.county'), countyName),
    ...one('operator', t('common.operator'), operatorName),
    ...one('inServiceOn', t('filters.inServiceOn')),
    ...ageChip(),
  ]
  function ageChip(): Chip[] {
    const { ageFrom: from, ageTo: to } = values
    if (from === '' && to === '') return []
    const key = from === '' ? 'ageAtMost' : to === '' ? 'ageAtLeast' : 'ageBetween'
    const clear = () => set({ ageFrom: '', ageTo: '' })
    return [{ key: 'age', name: t('filters.age'), value: t(`filters.${key}`, { from, to }), clear }]
  }
}
