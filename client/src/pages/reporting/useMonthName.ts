import { useText } from '../../i18n/index.ts'

/** A month as the reader writes it. Takes `YYYY-MM`. */
export function useMonthName(): (month: string) => string {
  const { t, language } = useText()
  return (month) => {
    const [year = '', of = ''] = month.split('-')
    return t('reporting.monthName', { year, month: language === 'en' ? of : String(Number(of)) })
  }
}
