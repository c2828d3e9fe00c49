import { useQuery } from '@tanstack/react-query'
import { DatePicker, Select } from 'antd'
import dayjs from 'dayjs'
import { queries } from '../api/queries.ts'
import { dayOf } from '../format.ts'
import { useText } from '../i18n/index.ts'

interface Choice {
  value: string
  onChange: (value: string | undefined) => void
  size?: 'small'
}

/** The counties to choose among, by their names in the reader's language. */
export function useCountyOptions(): { value: string; label: string }[] {
  const { data } = useQuery(queries.regions())
  const { language } = useText()
  return data?.items.map((r) => ({ value: r.code, label: language === 'en' ? r.english : r.name })) ?? []
}

/** The operators to choose among. */
export function useOperatorOptions(): { value: string; label: string }[] {
  const { data } = useQuery(queries.operators())
  return data?.items.map((o) => ({ value: o.id, label: o.name })) ?? []
}

/** The name of a county by its code. */
export function useCountyName(): (code: string) => string {
  const names = new Map(useCountyOptions().map(({ value, label }) => [value, label]))
  return (code) => names.get(code) ?? code
}

/** The name of an operator by its id. */
export function useOperatorName(): (id: string) => string {
  const names = new Map(useOperatorOptions().map(({ value, label }) => [value, label]))
  return (id) => names.get(id) ?? id
}

/** Chooses a county, or the whole city. */
export function CountyChoice({ value, onChange, size }: Choice) {
  const { isPending } = useQuery(queries.regions())
  const options = useCountyOptions()
  const { t } = useText()
  return (
    <Select
      allowClear
      {...(size ? { size } : {})}
      loading={isPending}
      value={value || undefined}
      onChange={onChange}
      placeholder={t('common.allCounties')}
      aria-label={t('common.county')}
      data-testid="filter-county"
      options={options}
    />
  )
}

/** Chooses an operator by typing a part of its name. */
export function OperatorChoice({ value, onChange }: Choice) {
  const { isPending } = useQuery(queries.operators())
  const options = useOperatorOptions()
  const { t } = useText()
  return (
    <Select
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      className="filter-wide"
      loading={isPending}
      value={value || undefined}
      onChange={onChange}
      placeholder={t('common.allOperators')}
      aria-label={t('common.operator')}
      data-testid="filter-operator"
      popupMatchSelectWidth={false}
      options={options}
    />
  )
}

/** Chooses a span of days, either end of which may be left open. */
export function RangeChoice(props: {
  values: { from: string; to: string }
  onChange: (days: { from: string | undefined; to: string | undefined }) => void
  label: string
}) {
  const { values, onChange, label } = props
  const { t } = useText()
  const day = (value: string) => (value === '' ? null : dayjs(value))
  return (
    <DatePicker.RangePicker
      className="filter-wide"
      allowEmpty={[true, true]}
      value={[day(values.from), day(values.to)]}
      onChange={(range) =>
        onChange({ from: range?.[0]?.format('YYYY-MM-DD'), to: range?.[1]?.format('YYYY-MM-DD') })
      }
      placeholder={[t('filters.from'), t('filters.to')]}
      aria-label={label}
    />
  )
}

/** Today in Asia/Shanghai, as the service counts days. */
export const today = (): string => dayOf(new Date())
