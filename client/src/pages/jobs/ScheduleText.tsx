import cronstrue from 'cronstrue'
import 'cronstrue/locales/zh_CN'
import type { Language } from '../../../../server/accounts/schema.ts'
import { type TextKey, useText } from '../../i18n/index.ts'
import { rhythmOf } from './rhythm.ts'

/** A cron in words of the library's; itself when it is none. */
function inWords(cron: string, language: Language): string {
  try {
    const words = cronstrue.toString(cron, {
      ...{
        locale: language === 'en' ? 'en' : 'zh_CN',
        use24HourTimeFormat: true,
        throwExceptionOnParseError: true,
      },
    })
    // The library’s commas are Latin ones, and it begins with a preposition that nobody writes.
    return language === 'en' ? words : words.replaceAll(', ', '，').replace(/^在\s*/, '')
  } catch {
    return cron
  }
}

/** A schedule in words: the usual ones as one would say them, the others as the library puts them. */
export function useScheduleText(): (cron: string) => string {
  const { t, language } = useText()
  return (cron) => {
    const { kind, time, weekday, day } = rhythmOf(cron)
    if (kind === 'free') return inWords(cron, language)
    return t(`timetable.${kind}`, { time, day: kind === 'weekly' ? t(`weekday.${weekday}` as TextKey) : day })
  }
}

/** When a job is due, in words, and the zone where it is not Beijing's. */
export function ScheduleText({ cron, timeZone }: { cron: string; timeZone: string }) {
  const words = useScheduleText()
  return (
    <>
      {words(cron)}
      {timeZone === 'Asia/Shanghai' ? '' : <span className="hint"> ({timeZone})</span>}
    </>
  )
}
