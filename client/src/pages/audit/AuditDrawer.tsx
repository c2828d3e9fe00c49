import { Drawer } from 'antd'
import type { ReactNode } from 'react'
import { Link } from 'react-router-dom'
import { detailLines, differenceLines } from '../../../../server/audit/lines.ts'
import type { AuditEntry } from '../../../../server/audit/schema.ts'
import { useCountyName } from '../../components/choices.tsx'
import { Tag } from '../../components/Tag.tsx'
import { instant, second } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { OUTCOME_TONE, targetText, useActorText } from './words.ts'

/** One entry in full: who, when, from where, what, and what it was before and after. */
export function AuditDrawer({ entry, onClose }: { entry: AuditEntry | null; onClose: () => void }) {
  const { label } = useText()
  return (
    <Drawer
      open={entry !== null}
      onClose={onClose}
      title={entry ? label('auditAction', entry.action) : ''}
      size={560}
      destroyOnHidden
    >
      {entry && <Entry entry={entry} />}
    </Drawer>
  )
}

function Entry({ entry }: { entry: AuditEntry }) {
  const text = useText()
  const { t } = text
  const words = { ...text, instant, county: useCountyName() }
  const changed = differenceLines(entry.before, entry.after, words)
  const detail = detailLines(entry.detail, words)
  return (
    <div className="audit-entry" data-testid="audit-entry">
      <Facts entry={entry} />
      {changed.length > 0 && (
        <section>
          <h3>{t('audit.changed')}</h3>
          <table className="audit-difference" data-testid="audit-difference">
            <thead>
              <tr>
                <th scope="col">{t('audit.field')}</th>
                <th scope="col">{t('audit.before')}</th>
                <th scope="col">{t('audit.after')}</th>
              </tr>
            </thead>
            <tbody>
              {changed.map((line) => (
                <tr key={line.path}>
                  <th scope="row">{line.field}</th>
                  <td className="audit-before">{line.before}</td>
                  <td className="audit-after">{line.after}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {detail.length > 0 && (
        <section>
          <h3>{t('audit.detail')}</h3>
          <dl className="audit-facts" data-testid="audit-detail">
            {detail.map((line) => (
              <Fact key={line.path} name={line.field}>
                {line.after}
              </Fact>
            ))}
          </dl>
        </section>
      )}
    </div>
  )
}

function Facts({ entry }: { entry: AuditEntry }) {
  const text = useText()
  const { t, label } = text
  const actor = useActorText()
  const target = targetText(entry.target, text)
  const page = pageOf(entry)
  return (
    <dl className="audit-facts">
      <Fact name={t('audit.at')}>{second(entry.at)}</Fact>
      <Fact name={t('audit.who')}>
        {actor(entry)}
        {entry.actor && ` · ${entry.actor.email} · ${label('role', entry.actor.role)}`}
      </Fact>
      {entry.via && entry.via !== 'system' && (
        <Fact name={t('audit.via')}>
          {label('auditChannel', entry.via)}
          {entry.token && ` · ${entry.token}`}
        </Fact>
      )}
      {entry.address && <Fact name={t('audit.address')}>{entry.address}</Fact>}
      {target && <Fact name={t('audit.target')}>{page ? <Link to={page}>{target}</Link> : target}</Fact>}
      <Fact name={t('audit.outcome')}>
        <Tag tone={OUTCOME_TONE[entry.outcome]}>{label('auditOutcome', entry.outcome)}</Tag>
      </Fact>
      {entry.problem && <Fact name={t('audit.problem')}>{label('problem', entry.problem)}</Fact>}
      {entry.path && (
        <Fact name={t('audit.request')}>
          <span className="mono">
            {entry.method} {entry.path}
          </span>
        </Fact>
      )}
      {entry.request && (
        <Fact name={t('audit.requestId')}>
          <span className="mono">{entry.request}</span>
        </Fact>
      )}
    </dl>
  )
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

/** The page of what it was done to, where there is one. */
function pageOf({ target }: AuditEntry): string | null {
  if (!target?.id) return null
  if (target.kind === 'import') return `/uploads/${target.id}`
  if (target.kind === 'dispute') return `/disputes/${target.id}`
  if (target.kind === 'change') {
    const vin = target.label?.split(' ').at(-1)
    return vin ? `/vehicles/${encodeURIComponent(vin)}` : null
  }
  return null
}
