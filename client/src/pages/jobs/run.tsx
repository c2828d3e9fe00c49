/** How a run is shown, on a job's card and in the list of runs. */
import type { RunView } from '../../../../jobs/schema.ts'
import { Tag, type Tone } from '../../components/Tag.tsx'
import { count, dayOf, NONE } from '../../format.ts'
import { type TextKey, useText } from '../../i18n/index.ts'

const TONES: Record<string, Tone> = {
  running: 'busy',
  done: 'good',
  error: 'bad',
  'timed-out': 'bad',
  interrupted: 'warn',
}

/** How a run ended. */
export function RunTag({ run }: { run: Pick<RunView, 'status' | 'fault'> }) {
  const { t } = useText()
  const outcome = run.status === 'failed' ? (run.fault ?? 'error') : run.status
  return <Tag tone={TONES[outcome] ?? 'plain'}>{t(`timetable.outcomes.${outcome}`)}</Tag>
}

/** How long a run took, in words. */
export function useTook(): (run: RunView) => string {
  const { t } = useText()
  return ({ startedAt, finishedAt }) => {
    if (!finishedAt) return NONE
    const ms = Math.max(0, new Date(finishedAt).getTime() - new Date(startedAt).getTime())
    if (ms < 1000) return t('timetable.took.ms', { n: ms })
    const seconds = Math.round(ms / 1000)
    if (seconds < 60) return t('timetable.took.seconds', { n: seconds })
    return t('timetable.took.minutes', { n: Math.floor(seconds / 60), s: seconds % 60 })
  }
}

/** Which slots a run stands for, when it makes up for missed ones. */
export function Covers({ run: { covers } }: { run: RunView }) {
  const { t } = useText()
  const [first] = covers
  const last = covers.at(-1)
  if (covers.length < 2 || !first || !last) return null
  const day = (iso: string) => dayOf(new Date(iso)).slice(5)
  return (
    <span className="hint covers" data-testid="covers">
      {t('timetable.covers', { from: day(first), to: day(last), n: covers.length })}
    </span>
  )
}

/** What a run did, in counts; those that nobody has words for keep their own name. */
export function Counts({ result }: { result: Record<string, number> | null }) {
  const { t } = useText()
  if (!result || Object.keys(result).length === 0) return <>{NONE}</>
  return (
    <span className="counts-line">
      {Object.entries(result).map(([name, value]) => {
        const key = `jobs.counts.${name}`
        const word = t(key as TextKey)
        return (
          <span key={name}>
            {word === key ? name : word} <b>{count(value)}</b>
          </span>
        )
      })}
    </span>
  )
}
