import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router-dom'
import type { AssessmentView } from '../../../../jobs/schema.ts'
import { address } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'
import { type Column, DataList } from '../../components/DataList.tsx'
import { ListCard } from '../../components/ListCard.tsx'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { Panel } from '../../components/states.tsx'
import { AssessmentTag } from '../../components/Tag.tsx'
import { useList } from '../../components/useList.ts'
import { count, instant, share } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import './assessments.css'

/** The frozen results of the scheduled checks; each opens the figures as they were known then. */
export default function AssessmentsPage() {
  const { t, pick } = useText()
  const list = useList(queries.assessments())
  const figures = useQuery({ ...queries.compliance({}), staleTime: 300_000 })
  const titles = new Map(figures.data?.rules.map((rule) => [rule.id, pick(rule.title)]))
  const columnsOf = (items: AssessmentView[]): Column<AssessmentView>[] => {
    const rules = (items[0]?.rules ?? []).filter((rule) => rule.target !== null)
    return [
      {
        key: 'slot',
        title: t('assessments.slot'),
        width: 168,
        fixed: 'left',
        card: 'head',
        render: (a) => <Link to={address('/', { asOf: a.asOf, knownAt: a.knownAt })}>{instant(a.slot)}</Link>,
      },
      { key: 'asOf', title: t('common.asOf'), width: 112, card: 'head', render: (a) => a.asOf },
      ...rules.map(({ id }) => ({
        key: id,
        title: titles.get(id) ?? id,
        width: 170,
        render: (a: AssessmentView) => <Result rule={a.rules.find((rule) => rule.id === id)} />,
      })),
    ]
  }
  return (
    <Page
      title={t('assessments.title')}
      lead={t('assessments.lead')}
      actions={<Link to="/reports">{t('reports.title')}</Link>}
    >
      <Resource
        query={list.query}
        empty={{
          when: (items) => items.length === 0,
          show: (
            <Panel
              testId="empty"
              title={t('state.empty')}
              hint={t('assessments.empty')}
              actions={<Link to="/jobs">{t('nav.jobs')}</Link>}
            />
          ),
        }}
      >
        {(items) => (
          <ListCard list={list}>
            <DataList
              columns={columnsOf(items)}
              rows={items}
              rowKey={(a) => a.id}
              testId="assessments-table"
            />
          </ListCard>
        )}
      </Resource>
    </Page>
  )
}

function Result({ rule }: { rule: AssessmentView['rules'][number] | undefined }) {
  if (!rule) return <span>—</span>
  return (
    <span className="result">
      <b>{rule.denominator === null ? count(rule.value) : share(rule.value)}</b>
      <AssessmentTag status={rule.status} />
    </span>
  )
}
