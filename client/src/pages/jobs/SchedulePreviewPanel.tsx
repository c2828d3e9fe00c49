import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { SchedulePreview } from '../../../../jobs/schema.ts'
import { queries } from '../../api/queries.ts'
import { useProblemText } from '../../components/problem.ts'
import { useSettled } from '../../components/useSettled.ts'
import { instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { useScheduleText } from './ScheduleText.tsx'

interface Preview {
  data: SchedulePreview | undefined
  error: unknown
  /** it is what was typed in, and can be taken */
  good: boolean
}

/** What the service says of a cron as it is typed. */
export function useSchedulePreview(cron: string): Preview {
  const asked = useSettled(cron, 250)
  const query = useQuery({
    ...queries.schedulePreview(asked),
    enabled: asked.trim() !== '',
    placeholderData: keepPreviousData,
    retry: false,
  })
  const { error } = query
  return {
    data: error ? undefined : query.data,
    error,
    good: asked === cron && query.isSuccess && !query.isPlaceholderData,
  }
}

/** A schedule in words with its next five runs, or why it cannot be. */
export function SchedulePreviewPanel({ preview: { data, error } }: { preview: Preview }) {
  const { t } = useText()
  const problem = useProblemText()
  const words = useScheduleText()
  return (
    <div className={error ? 'schedule-preview schedule-bad' : 'schedule-preview'} aria-live="polite">
      {error ? (
        <p data-testid="schedule-problem">{problem(error)}</p>
      ) : (
        data && (
          <>
            <p>
              <b data-testid="schedule-words">{words(data.cron)}</b>
            </p>
            <p className="hint">{t('timetable.nextFive')}</p>
            <ol data-testid="schedule-next">
              {data.nextSlots.map((slot) => (
                <li key={slot}>{instant(slot)}</li>
              ))}
            </ol>
          </>
        )
      )}
    </div>
  )
}
