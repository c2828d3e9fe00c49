import { PlayCircleOutlined } from '@ant-design/icons'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import type { JobView } from '../../../../jobs/schema.ts'
import { api } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'
import { useCan } from '../../app/session.tsx'
import { Page } from '../../components/Page.tsx'
import { useProblemText } from '../../components/problem.ts'
import { Resource } from '../../components/Resource.tsx'
import { Panel } from '../../components/states.tsx'
import { Tag } from '../../components/Tag.tsx'
import { count, instant } from '../../format.ts'
import { type TextKey, useText } from '../../i18n/index.ts'
import { scheduleOf } from './schedule.ts'
import './jobs.css'

/** The scheduled work: when it runs, how it went, and running it now. */
export default function JobsPage() {
  const { t } = useText()
  const query = useQuery({
    ...queries.jobs(),
    refetchInterval: (q) => (q.state.data?.items.some((job) => job.running) ? 1000 : 15_000),
  })
  return (
    <Page title={t('jobs.title')} lead={t('jobs.lead')}>
      <Resource
        query={query}
        empty={{ when: ({ items }) => items.length === 0, show: <Panel title={t('jobs.empty')} /> }}
      >
        {({ items }) => (
          <div className="jobs">
            {items.map((job) => (
              <Job key={job.name} job={job} />
            ))}
          </div>
        )}
      </Resource>
    </Page>
  )
}

function Job({ job }: { job: JobView }) {
  const { t, label } = useText()
  const can = useCan()
  const last = job.lastRun
  return (
    <article className="card job" data-testid={`job-${job.name}`}>
      <header>
        <h2>{label('job', job.name)}</h2>
        {job.running ? (
          <Tag tone="busy">{t('jobs.running')}</Tag>
        ) : (
          last && (
            <Tag tone={last.status === 'failed' ? 'bad' : last.status === 'done' ? 'good' : 'busy'}>
              {label('runStatus', last.status)}
            </Tag>
          )
        )}
        {job.late && !job.running && <Tag tone="warn">{t('jobs.late')}</Tag>}
        {can('job.run') && <RunNow job={job} />}
      </header>
      <dl className="facts">
        <div>
          <dt>{t('jobs.schedule')}</dt>
          <dd>
            <ScheduleText job={job} />
          </dd>
        </div>
        <div>
          <dt>{t('jobs.next')}</dt>
          <dd>{instant(job.nextRunAt)}</dd>
        </div>
        <div>
          <dt>{t('jobs.last')}</dt>
          <dd>
            {last ? instant(last.startedAt) : t('jobs.never')}
            {last?.manual && <span className="hint"> · {t('jobs.manual')}</span>}
          </dd>
        </div>
        <div>
          <dt>{t('jobs.lastSuccess')}</dt>
          <dd>{job.lastSuccessAt ? instant(job.lastSuccessAt) : t('jobs.never')}</dd>
        </div>
        <div>
          <dt>{t('jobs.result')}</dt>
          <dd>
            <Result result={last?.result ?? null} />
          </dd>
        </div>
      </dl>
      {job.failures.length > 0 && (
        <details className="failures">
          <summary>
            {t('jobs.failures')} ({job.failures.length})
          </summary>
          <ul>
            {job.failures.map((failure) => (
              <li key={`${failure.slot} ${failure.at}`}>
                <span>{instant(failure.at)}</span> <code>{failure.error}</code>
              </li>
            ))}
          </ul>
        </details>
      )}
    </article>
  )
}

function ScheduleText({ job }: { job: JobView }) {
  const { t } = useText()
  const schedule = scheduleOf(job.cron)
  if (!schedule) return <code>{job.cron}</code>
  const day = schedule.weekday ? t(`weekday.${schedule.weekday}` as TextKey) : ''
  return (
    <>
      {t(schedule.key, { day, ...schedule.params })}
      {job.timeZone === 'Asia/Shanghai' ? '' : <span className="hint"> ({job.timeZone})</span>}
    </>
  )
}

/** What a run did, in counts; those that nobody has words for keep their own name. */
function Result({ result }: { result: Record<string, number> | null }) {
  const { t } = useText()
  if (!result || Object.keys(result).length === 0) return <>—</>
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
      className="job-run"
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
