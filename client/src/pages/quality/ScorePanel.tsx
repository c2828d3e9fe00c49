import { Link } from 'react-router-dom'
import { useText } from '../../i18n/index.ts'
import { MissingMonths } from './MissingMonths.tsx'
import { type Asked, type Judged, lostText, points, saidOf, scoreTone } from './words.ts'

/** A score and, line by line, what it was lost for; each line opens its list. */
export function ScorePanel({ judged, asked, name }: { judged: Judged; asked: Asked; name: string }) {
  const text = useText()
  const { t } = text
  const { score, lines } = judged
  return (
    <section className="card score" data-testid="score-panel" aria-label={name}>
      <div className="score-head">
        <h2>{name}</h2>
        <div className={score === null ? 'score-value' : `score-value score-${scoreTone(score)}`}>
          {score === null ? (
            <small>{t('qualityPage.noScore')}</small>
          ) : (
            <>
              <b data-testid="score">{points(score)}</b>
              <small>/ 100</small>
            </>
          )}
        </div>
        <div className="hint">{t('qualityPage.spanText', { from: asked.from, to: asked.to })}</div>
      </div>
      <ul className="score-lines">
        {lines.map((line) => (
          <li key={line.aspect} data-testid={`line-${line.aspect}`}>
            <div className="score-aspect">
              <b>{t(`qualityPage.aspect.${line.aspect}`)}</b>
              <small>{t('qualityPage.most', { n: line.weight })}</small>
            </div>
            <div className="score-said">
              {saidOf(line, judged, asked, text).map(({ text: said, to }) =>
                to ? (
                  <To key={said} to={to}>
                    {said}
                  </To>
                ) : (
                  <span key={said}>{said}</span>
                ),
              )}
              {line.aspect === 'months' && <MissingMonths months={judged.months.missing} named={12} />}
            </div>
            <div className={line.lost > 0 ? 'score-lost some' : 'score-lost'}>{lostText(line, text)}</div>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** A place on this page is for the browser to go to, another page for the application. */
const To = ({ to, children }: { to: string; children: string }) =>
  to.startsWith('#') ? <a href={to}>{children}</a> : <Link to={to}>{children}</Link>
