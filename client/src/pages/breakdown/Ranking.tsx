import { Button, Input } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router-dom'
import type { Breakdown, BreakdownPart, RuleFigure } from '../../../../server/compliance/schema.ts'
import { count, figure, share, targetShare } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { amountOf, meets, ordered, portionOf, viewOf } from './parts.ts'

/** Lines shown at first, and added at a time. */
const LINES = 30
/** From so many lines on, one can look for a name. */
const MANY = 15

interface Props {
  data: Breakdown
  rule: RuleFigure
  /** where the changes behind a part are listed */
  evidence: (part: BreakdownPart) => string
  /** where the vehicles of a part are completed that cannot be counted yet */
  pending: (part: BreakdownPart) => string
}

/** A figure's parts as bars, the highest first; those too small to be compared stand apart. */
export function Ranking(props: Props) {
  const { data, rule } = props
  const { t, pick } = useText()
  const [find, setFind] = useState('')
  const [most, setMost] = useState(LINES)
  const { compared, small } = ordered(data)
  const wanted = find.trim().toLowerCase()
  const named = (part: BreakdownPart) => pick(part.label).toLowerCase().includes(wanted)
  const [found, foundSmall] = [compared.filter(named), small.filter(named)]
  const view = viewOf(data)
  // Of counts no bar is ever full: they are drawn against the highest.
  const longest = Math.max(1, ...compared.map(amountOf))
  const hint = hintOf(view, data.kind)
  return (
    <>
      <div className="section-head">
        <div>
          <h2>{t(view === 'ranking' ? 'breakdown.ranked' : 'breakdown.parts')}</h2>
          <span className="hint">
            {t(hint)}
            {data.target !== null && view !== 'composition' && (
              <> · {t('breakdown.targetMark', { target: targetShare(data.target) })}</>
            )}
          </span>
        </div>
        {compared.length + small.length > MANY && (
          <Input
            allowClear
            className="breakdown-find"
            value={find}
            onChange={(event) => setFind(event.target.value)}
            placeholder={t('breakdown.find')}
            aria-label={t('breakdown.find')}
            data-testid="breakdown-find"
          />
        )}
      </div>
      <div className="card card-flush">
        <ol className={view === 'ranking' ? 'ranking' : 'ranking ranking-plain'} data-testid="ranking">
          {found.slice(0, most).map((part) => (
            <Line key={part.key} part={part} longest={longest} {...props} />
          ))}
        </ol>
        {found.length === 0 && <p className="ranking-none">{t('dashboard.noRows')}</p>}
        {found.length > most && (
          <div className="list-more">
            <Button onClick={() => setMost(most + 5 * LINES)} data-testid="breakdown-more">
              {t('breakdown.moreRows', { n: count(found.length - most) })}
            </Button>
          </div>
        )}
        <p className="ranking-total" data-testid="breakdown-total">
          <b>{t('common.sum')}</b>
          <span>{figure(data.total.value, rule.unit)}</span>
          {data.total.denominator !== null && <span className="hint">{counts(data.total)}</span>}
        </p>
      </div>
      {foundSmall.length > 0 && (
        <>
          <div className="section-head">
            <div>
              <h2>{t('breakdown.smallTitle')}</h2>
              <span className="hint">{t('breakdown.smallHint')}</span>
            </div>
          </div>
          <div className="card card-flush">
            <ul className="ranking ranking-small" data-testid="ranking-small">
              {foundSmall.slice(0, most).map((part) => (
                <Line key={part.key} part={part} longest={longest} {...props} />
              ))}
            </ul>
            {foundSmall.length > most && (
              <div className="list-more">
                <Button onClick={() => setMost(most + 5 * LINES)}>
                  {t('breakdown.moreRows', { n: count(foundSmall.length - most) })}
                </Button>
              </div>
            )}
          </div>
        </>
      )}
    </>
  )
}

function hintOf(view: ReturnType<typeof viewOf>, kind: Breakdown['kind']) {
  if (view !== 'ranking') return 'breakdown.partsHint' as const
  return kind === 'count' ? ('breakdown.rankedCountHint' as const) : ('breakdown.rankedHint' as const)
}

const counts = ({ numerator, denominator }: Pick<BreakdownPart, 'numerator' | 'denominator'>): string =>
  `${count(numerator)}/${count(denominator)}`

function Line({
  part,
  data,
  rule,
  evidence,
  pending,
  longest,
}: Props & { part: BreakdownPart; longest: number }) {
  const { t, pick } = useText()
  const view = viewOf(data)
  const isShare = data.kind !== 'count' && view !== 'composition'
  const portion = portionOf(part, data.total)
  const unit = t(`unit.${rule.unit === 'percent' ? 'vehicles' : rule.unit}`)
  const value = isShare ? share(part.value) : `${count(amountOf(part))} ${unit}`
  const beside = isShare
    ? counts(part)
    : portion === null
      ? ''
      : t('breakdown.portion', { share: share(portion) })
  const name = pick(part.label)
  const length = isShare
    ? (part.value ?? 0)
    : view === 'ranking'
      ? (amountOf(part) * 100) / longest
      : (portion ?? 0)
  const good = data.target === null || !isShare || meets(part, data.target)
  return (
    <li data-testid={`part-${part.key}`}>
      <Link
        to={evidence(part)}
        className="ranking-line"
        aria-label={t('breakdown.openCounts', { name, value, counts: beside })}
      >
        {view === 'ranking' && (
          <span className="ranking-place">
            {part.small ? <small>{t('breakdown.small')}</small> : part.rank}
          </span>
        )}
        <span className="ranking-name">{name}</span>
        {!part.small && (
          <span className="ranking-bar" aria-hidden>
            <span className={good ? '' : 'is-below'} style={{ width: `${Math.min(100, length)}%` }} />
            {isShare && data.target !== null && (
              <i style={{ left: `calc(${Math.min(100, data.target)}% - 1px)` }} />
            )}
          </span>
        )}
        <b className="ranking-value">{value}</b>
        <span className="ranking-counts">{beside}</span>
      </Link>
      {part.undetermined > 0 && (
        <Link to={pending(part)} className="ranking-pending">
          {t('breakdown.pending', { n: count(part.undetermined) })}
        </Link>
      )}
    </li>
  )
}
