import { Link, useParams } from 'react-router-dom'
import type { RunView } from '../../../../jobs/schema.ts'
import { queries } from '../../api/queries.ts'
import { type Column, DataList } from '../../components/DataList.tsx'
import { ListCard } from '../../components/ListCard.tsx'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { Panel } from '../../components/states.tsx'
import { useList } from '../../components/useList.ts'
import { instant, second } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { Counts, Covers, RunTag, useTook } from './run.tsx'
import './jobs.css'

/** The runs of a job: for which slot, how long, and how each ended. */
export default function JobRunsPage() {
  const { t, label } = useText()
  const { name = '' } = useParams()
  const list = useList(queries.jobRuns(name), (runs) =>
    runs.some((run) => run.status === 'running') ? 1000 : 15_000,
  )
  const columns = useColumns()
  return (
    <Page
      title={t('timetable.historyTitle', { job: label('job', name) })}
      back={{ to: '/jobs', text: t('timetable.back') }}
    >
      <Resource
        query={list.query}
        empty={{
          when: (runs) => runs.length === 0,
          show: (
            <Panel
              testId="empty"
              title={t('timetable.noRuns')}
              hint={t('timetable.noRunsHint')}
              actions={<Link to="/jobs">{t('timetable.back')}</Link>}
            />
          ),
        }}
      >
        {(runs) => (
          <ListCard list={list}>
            <DataList columns={columns} rows={runs} rowKey={(run) => run.slot} testId="runs-table" />
          </ListCard>
        )}
      </Resource>
    </Page>
  )
}

function useColumns(): Column<RunView>[] {
  const { t } = useText()
  const took = useTook()
  return [
    {
      key: 'slot',
      title: t('timetable.slot'),
      width: 200,
      card: 'head',
      render: (run) => (
        <>
          {run.manual ? t('jobs.manual') : instant(run.slot)}
          <Covers run={run} />
        </>
      ),
    },
    {
      key: 'outcome',
      title: t('timetable.outcome'),
      width: 100,
      card: 'head',
      render: (run) => <RunTag run={run} />,
    },
    { key: 'started', title: t('timetable.started'), width: 180, render: (run) => second(run.startedAt) },
    { key: 'took', title: t('timetable.duration'), width: 110, render: took },
    {
      key: 'attempts',
      title: t('timetable.attempts'),
      width: 90,
      align: 'right',
      render: (run) => run.attempts,
    },
    {
      key: 'counts',
      title: t('timetable.counts'),
      width: 280,
      render: (run) => <Counts result={run.result} />,
    },
    { key: 'why', title: t('timetable.why'), width: 260, render: (run) => run.error && <Why run={run} /> },
  ]
}

/** Why a run failed, and when it is tried again. */
function Why({ run: { error, status, nextTryAt } }: { run: RunView }) {
  const { t } = useText()
  return (
    <>
      <code className="run-error">{error}</code>
      {status === 'failed' && nextTryAt && (
        <span className="hint covers">{t('timetable.tryAgain', { at: instant(nextTryAt) })}</span>
      )}
    </>
  )
}
