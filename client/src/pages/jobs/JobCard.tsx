import { EditOutlined, PlayCircleOutlined } from '@ant-design/icons'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router-dom'
import type { JobView } from '../../../../jobs/schema.ts'
import { api } from '../../api/client.ts'
import { useCan } from '../../app/session.tsx'
import { useProblemText } from '../../components/problem.ts'
import { Tag } from '../../components/Tag.tsx'
import { instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { Counts, Covers, RunTag, useTook } from './run.tsx'
import { ScheduleDialog } from './ScheduleDialog.tsx'
import { ScheduleText } from './ScheduleText.tsx'

/** A job: when it is due, how it went last, and what can be done with it. */
export function JobCard({ job }: { job: JobView }) {
  const { t, label } = useText()
  const can = useCan()
  const last = job.lastRun
  return (
    <article className="card job" data-testid={`job-${job.name}`}>
      <header>
        <h2>{label('job', job.name)}</h2>
        {last && <RunTag run={job.running ? { ...last, status: 'running' } : last} />}
        {job.late && !job.running && <Tag tone="warn">{t('jobs.late')}</Tag>}
        <div className="job-actions">
          <Link to={`/jobs/${job.name}`} data-testid={`runs-${job.name}`}>
            {t('timetable.history')}
          </Link>
          {can('job.run') && <RunNow job={job} />}
        </div>
      </header>
      <dl className="facts">
        <div>
          <dt>{t('jobs.schedule')}</dt>
          <dd>
            <Schedule job={job} />
          </dd>
        </div>
        <div>
          <dt>{t('jobs.next')}</dt>
          <dd>
            <Next job={job} />
          </dd>
        </div>
        <Last job={job} />
        <div>
          <dt>{t('jobs.lastSuccess')}</dt>
          <dd>{job.lastSuccessAt ? instant(job.lastSuccessAt) : t('jobs.never')}</dd>
        </div>
        <div>
          <dt>{t('jobs.result')}</dt>
          <dd>
            <Counts result={last?.result ?? null} />
          </dd>
        </div>
      </dl>
      {job.edited && <Edited edited={job.edited} />}
      {job.failures.length > 0 && <Failures failures={job.failures} />}
    </article>
  )
}

function Last({ job }: { job: JobView }) {
  const { t } = useText()
  const took = useTook()
  const last = job.lastRun
  return (
    <div>
      <dt>{t('jobs.last')}</dt>
      <dd>
        {last ? instant(last.startedAt) : t('jobs.never')}
        {last?.manual && <span className="hint"> · {t('jobs.manual')}</span>}
        {last?.finishedAt && <span className="hint"> · {took(last)}</span>}
        {last && <Covers run={last} />}
      </dd>
    </div>
  )
}

function Schedule({ job }: { job: JobView }) {
  const { t } = useText()
  const can = useCan()
  const [editing, setEditing] = useState(false)
  return (
    <>
      <ScheduleText cron={job.cron} timeZone={job.timeZone} />
      {can('schedule.manage') && (
        <Button
          type="link"
          size="small"
          icon={<EditOutlined />}
          onClick={() => setEditing(true)}
          data-testid={`edit-${job.name}`}
        >
          {t('timetable.edit')}
        </Button>
      )}
      {editing && <ScheduleDialog job={job} onClose={() => setEditing(false)} />}
    </>
  )
}

/** The next run; the four slots after it on demand. */
function Next({ job }: { job: JobView }) {
  const { t } = useText()
  return (
    <details className="next-slots">
      <summary title={t('timetable.nextFive')}>{instant(job.nextRunAt)}</summary>
      <ol>
        {job.nextSlots.map((slot) => (
          <li key={slot}>{instant(slot)}</li>
        ))}
      </ol>
    </details>
  )
}

function Edited({ edited }: { edited: NonNullable<JobView['edited']> }) {
  const { t } = useText()
  const params = { by: edited.by, at: instant(edited.at) }
  return (
    <p className="hint job-edited">
      {t(edited.reset ? 'timetable.reset' : 'timetable.edited', params)}
      {edited.reason && ` · ${t('timetable.becauseOf', { reason: edited.reason })}`}
    </p>
  )
}

function Failures({ failures }: { failures: JobView['failures'] }) {
  const { t } = useText()
  return (
    <details className="failures">
      <summary>
        {t('jobs.failures')} ({failures.length})
      </summary>
      <ul>
        {failures.map((failure) => (
          <li key={`${failure.slot} ${failure.at}`}>
            <span>{instant(failure.at)}</span> <code>{failure.error}</code>
          </li>
        ))}
      </ul>
    </details>
  )
}

function RunNow({ job }: { job: JobView }) {
  const { t } = useText()
  const client = useQueryClient()
  const problem = useProblemText()
  const { message } = App.useApp()
  const run = useMutation({
    mutationFn: () => api.post(`/jobs/${job.name}/run`),
    onSuccess: () => message.success(t('jobs.started')),
    onError: (error) => message.error(problem(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ['jobs'] }),
  })
  return (
    <Button
      icon={<PlayCircleOutlined />}
      disabled={job.running}
      loading={run.isPending}
      onClick={() => run.mutate()}
      data-testid={`run-${job.name}`}
    >
      {t('jobs.run')}
    </Button>
  )
}
