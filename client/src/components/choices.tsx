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

/** The name of a county by its code. */
export function useCountyName(): (code: string) => string {
  const { data } = useQuery(queries.regions())
  const { language } = useText()
  const names = new Map(data?.items.map((r) => [r.code, language === 'en' ? r.english : r.name]))
  return (code) => names.get(code) ?? code
}

/** The name of an operator by its id. */
export function useOperatorName(): (id: string) => string {
  const { data } = useQuery(queries.operators())
  const names = new Map(data?.items.map((operator) => [operator.id, operator.name]))
  return (id) => names.get(id) ?? id
}

/** Chooses a county, or the whole city. */
export function CountyChoice({ value, onChange, size }: Choice) {
  const { data, isPending } = useQuery(queries.regions())
  const { t, language } = useText()
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
      options={
        data?.items.map((r) => ({ value: r.code, label: language === 'en' ? r.english : r.name })) ?? []
      }
    />
  )
}

/** Chooses an operator by typing a part of its name. */
export function OperatorChoice({ value, onChange }: Choice) {
  const { data, isPending } = useQuery(queries.operators())
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
      options={data?.items.map((o) => ({ value: o.id, label: o.name })) ?? []}
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
