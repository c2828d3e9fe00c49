import { useMemo } from 'react'
import { Link } from 'react-router-dom'
import type { OperatorQuality } from '../../../../server/quality/schema.ts'
import { address } from '../../api/client.ts'
import { useMe } from '../../app/session.tsx'
import { useCountyName } from '../../components/choices.tsx'
import { type Column, DataList } from '../../components/DataList.tsx'
import { Tag } from '../../components/Tag.tsx'
import { count } from '../../format.ts'
import { type Text, useText } from '../../i18n/index.ts'
import { MissingMonths } from './MissingMonths.tsx'
import { type Asked, type Line, lostText, points, saidOf, scoreTone } from './words.ts'

/** Operators with their scores and, aspect by aspect, what lowers them. */
export function OperatorTable({ items, asked }: { items: readonly OperatorQuality[]; asked: Asked }) {
  const text = useText()
  const countyName = useCountyName()
  const ofCounty = useMe().county !== null || asked.county !== ''
  const columns = useMemo(
    () => columnsOf(asked, ofCounty, text, countyName),
    [asked, ofCounty, text, countyName],
  )
  return (
    <DataList
      columns={columns}
      rows={items}
      rowKey={(item) => item.operator.id}
      rowTestId={(item) => `quality-${item.operator.name}`}
      testId="quality-table"
    />
  )
}

function columnsOf(
  asked: Asked,
  ofCounty: boolean,
  text: Text,
  countyName: (code: string) => string,
): Column<OperatorQuality>[] {
  const { t } = text
  return [
    {
      key: 'operator',
      title: t('common.operator'),
      width: 220,
      card: 'head',
      render: ({ operator }) => (
        <span className="stacked">
          <Link to={address('/quality', { ...asked, operator: operator.id })}>{operator.name}</Link>
          {operator.county && <small>{countyName(operator.county)}</small>}
        </span>
      ),
    },
    {
      key: 'score',
      title: t('qualityPage.score'),
      width: 120,
      card: 'head',
      render: (i) => <Score item={i} ofCounty={ofCounty} />,
    },
    ...(['late', 'months', 'facts', 'warnings'] as const).map(
      (aspect): Column<OperatorQuality> => ({
        key: aspect,
        title: t(`qualityPage.aspect.${aspect}`),
        width: 188,
        render: (item) => {
          const line = item.lines.find((l) => l.aspect === aspect)
          return line ? <Aspect item={item} line={line} asked={asked} /> : null
        },
      }),
    ),
  ]
}

function Score({ item, ofCounty }: { item: OperatorQuality; ofCounty: boolean }) {
  const { t } = useText()
  const { score, few, rank } = item
  if (score === null)
    return <Tag tone="plain">{t(item.expected ? 'qualityPage.never' : 'qualityPage.noScore')}</Tag>
  return (
    <span className="stacked">
      <b className={`score-${scoreTone(score)}`}>{points(score)}</b>
      {few && <small>{t('qualityPage.few')}</small>}
      {rank !== null && (
        <small>{t(ofCounty ? 'qualityPage.rankInCounty' : 'qualityPage.rank', { n: count(rank) })}</small>
      )}
    </span>
  )
}

function Aspect({ item, line, asked }: { item: OperatorQuality; line: Line; asked: Asked }) {
  const text = useText()
  const { t } = text
  const own = { ...asked, operator: item.operator.id }
  return (
    <span className="stacked aspect">
      {line.aspect === 'months' && (!item.expected || item.score === null) ? (
        <span className="quiet">{t(item.expected ? 'qualityPage.neverHint' : 'qualityPage.exempt')}</span>
      ) : (
        saidOf(line, item, own, text).map(({ text: said, to }) =>
          to ? (
            <Link key={said} to={to}>
              {said}
            </Link>
          ) : (
            <span key={said} className={line.bad === 0 ? 'quiet' : ''}>
              {said}
            </span>
          ),
        )
      )}
      {line.aspect === 'months' && <MissingMonths months={item.months.missing} />}
      {line.lost > 0 && <small className="lost">{lostText(line, text)}</small>}
    </span>
  )
}
