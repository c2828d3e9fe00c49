import { DatePicker } from 'antd'
import dayjs from 'dayjs'
import { useText } from '../../i18n/index.ts'

/** Chooses the months that are looked at. */
export function MonthsChoice(props: {
  from: string
  to: string
  onChange: (months: { from: string | undefined; to: string | undefined }) => void
}) {
  const { from, to, onChange } = props
  const { t } = useText()
  const month = (value: string) => (/^\d{4}-\d\d$/.test(value) ? dayjs(`${value}-01`) : null)
  return (
    <DatePicker.RangePicker
      picker="month"
      className="filter-wide"
      value={[month(from), month(to)]}
      onChange={(range) =>
        onChange({ from: range?.[0]?.format('YYYY-MM'), to: range?.[1]?.format('YYYY-MM') })
      }
      aria-label={t('qualityPage.span')}
      data-testid="quality-span"
    />
  )
}
