import { CheckCircleFilled } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { Link, useNavigate } from 'react-router-dom'
import { daysBetween } from '../../../../server/domain/civil-date.ts'
import { queries } from '../../api/queries.ts'
import { useMe } from '../../app/session.tsx'
import { today } from '../../components/choices.tsx'
import { monthAfter, monthOf } from '../../components/month.ts'
import { Resource } from '../../components/Resource.tsx'
import { Tag } from '../../components/Tag.tsx'
import { instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { useMonthName } from './useMonthName.ts'
import { useNil } from './useNil.ts'

/** An operator's present and last month: reported or not, and one click when there is nothing to report. */
export function OwnMonths() {
  const month = monthOf(useToday())
  return (
    <div className="own-months">
      <OwnMonth month={month} when="thisMonth" />
      <OwnMonth month={monthAfter(month, -1)} when="lastMonth" />
    </div>
  )
}

/** Today as the service has it, which knows the reader's months. */
function useToday(): string {
  const { data } = useQuery(queries.compliance({}))
  return data?.asOf ?? today()
}

function OwnMonth({ month, when }: { month: string; when: 'thisMonth' | 'lastMonth' }) {
  const { t } = useText()
  const me = useMe()
  const navigate = useNavigate()
  const monthName = useMonthName()
  const query = useQuery(queries.reporting(month))
  const { report, takeBack } = useNil()
  return (
    <section className="card own-month" aria-labelledby={`month-${month}`} data-testid={`month-${month}`}>
      <div className="card-head">
        <h2 id={`month-${month}`}>{monthName(month)}</h2>
        <span className="hint">{t(`reporting.${when}`)}</span>
      </div>
      <Resource query={query}>
        {({ items, open, dueOn }) => {
          const item = items.find((i) => i.operator.id === me.operator) ?? items[0]
          if (item?.reported)
            return (
              <>
                <p className="month-done" data-testid="month-reported">
                  <CheckCircleFilled aria-hidden />{' '}
                  {t(item.reported === 'nil' ? 'reporting.nil' : 'reporting.reportedList')}
                </p>
                <p className="hint">
                  {t('common.by', { name: item.by?.name ?? '', at: instant(item.at) })}
                  {item.imports.map((id, index) => (
                    <Link key={id} to={`/uploads/${id}`} className="month-list">
                      {t('reporting.lists', { n: index + 1 })}
                    </Link>
                  ))}
                </p>
                {item.reported === 'nil' && open && (
                  <Button
                    loading={takeBack.isPending}
                    onClick={() => takeBack.mutate({ month })}
                    data-testid="nil-undo"
                  >
                    {t('reporting.nilUndo')}
                  </Button>
                )}
              </>
            )
          return (
            <>
              {item?.expected && <Due on={dueOn} />}
              <p className="hint">{t('remind.missing')}</p>
              <p className="hint">{t('reporting.nilHint', { month: monthName(month) })}</p>
              <div className="month-actions">
                <Button
                  type="primary"
                  size="large"
                  disabled={!open}
                  loading={report.isPending}
                  onClick={() => report.mutate({ month })}
                  data-testid="nil"
                >
                  {t('reporting.doNil')}
                </Button>
                <Button size="large" onClick={() => navigate('/uploads/send')}>
                  {t('reporting.sendList')}
                </Button>
              </div>
            </>
          )
        }}
      </Resource>
    </section>
  )
}

/** Until when the month has to be reported, and how long that is. */
function Due({ on }: { on: string }) {
  const { t } = useText()
  const left = daysBetween(useToday(), on)
  const n = Math.abs(left)
  return (
    <p className="month-due" data-testid="month-due">
      {t('remind.due', { on })}{' '}
      <Tag tone={left < 0 ? 'bad' : left <= 7 ? 'warn' : 'plain'}>
        {left === 0 ? t('remind.dueToday') : t(left < 0 ? 'remind.late' : 'remind.dueIn', { n, count: n })}
      </Tag>
    </p>
  )
}
