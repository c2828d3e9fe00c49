import { useQuery } from '@tanstack/react-query'
import { queries } from '../../api/queries.ts'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { Panel } from '../../components/states.tsx'
import { useText } from '../../i18n/index.ts'
import { JobCard } from './JobCard.tsx'
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
              <JobCard key={job.name} job={job} />
            ))}
          </div>
        )}
      </Resource>
    </Page>
  )
}
