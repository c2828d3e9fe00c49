import { type ReactNode, useEffect, useRef } from 'react'
import type { PolicyPreview, Standing } from '../../../../server/policies/schema.ts'
import { AssessmentTag } from '../../components/Tag.tsx'
import { count, figure, targetShare } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { Differences } from './Differences.tsx'

/** What a draft would change: in the document, and of the figures and statuses of today. */
export function PreviewPanel({ preview, children }: { preview: PolicyPreview; children: ReactNode }) {
  const { t, pick } = useText()
  const panel = useRef<HTMLElement>(null)
  useEffect(() => {
    panel.current?.scrollIntoView({ block: 'start' })
  }, [])
  const pairs = pairsOf(preview)
  const moved = pairs.filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after))
  const rest = pairs.length - moved.length
  return (
    <section className="card policy-section" ref={panel} data-testid="policy-effect">
      <h2>{t('policy.previewTitle')}</h2>
      <Differences changed={preview.changed} />
      <p className="policy-hint">{t('policy.previewLead')}</p>
      {moved.length === 0 ? (
        <p>{t('policy.noneMoved')}</p>
      ) : (
        <table className="policy-table">
          <thead>
            <tr>
              <th>{t('policy.rule')}</th>
              <th>{t('policy.before')}</th>
              <th>{t('policy.after')}</th>
            </tr>
          </thead>
          <tbody>
            {moved.map(({ id, title, before, after }) => (
              <tr key={id} data-testid={`policy-effect-${id}`}>
                <td>{pick(title)}</td>
                <td>{before ? <Stand figure={before} /> : t('policy.fresh')}</td>
                <td>{after ? <Stand figure={after} /> : t('policy.gone')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {moved.length > 0 && rest > 0 && (
        <p className="policy-hint">{t('policy.unmoved', { n: rest, count: rest })}</p>
      )}
      {children}
    </section>
  )
}

function pairsOf({ before, after }: PolicyPreview) {
  const old = new Map(before.map((s) => [s.id, s]))
  const now = new Map(after.map((s) => [s.id, s]))
  const all = [...before, ...after.filter((s) => !old.has(s.id))]
  return all.map(({ id, title }) => ({ id, title, before: old.get(id), after: now.get(id) }))
}

function Stand({ figure: s }: { figure: Standing }) {
  const { t } = useText()
  const target =
    s.target === null
      ? null
      : s.unit === 'percent'
        ? targetShare(s.target)
        : `${count(s.target)} ${t(`policy.${s.unit}`)}`
  return (
    <span className="policy-stand">
      <b>{figure(s.value, s.unit)}</b>
      {s.denominator !== null && (
        <small>
          {count(s.numerator)}/{count(s.denominator)}
        </small>
      )}
      {target && (
        <small>
          {t('policy.target')} {target}
        </small>
      )}
      <AssessmentTag status={s.status} />
    </span>
  )
}
