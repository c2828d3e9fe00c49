import type { AuditEntry } from '../../../../server/audit/schema.ts'
import type { Tone } from '../../components/Tag.tsx'
import { type Text, useText } from '../../i18n/index.ts'

export const OUTCOME_TONE: Record<AuditEntry['outcome'], Tone> = {
  done: 'good',
  refused: 'warn',
  failed: 'bad',
}

/** Who it was, in a word. */
export function useActorText(): (entry: Pick<AuditEntry, 'actor' | 'via'>) => string {
  const { t } = useText()
  return ({ actor, via }) => actor?.name ?? t(via === 'system' ? 'audit.system' : 'audit.nobody')
}

/** What it was done to, in words; null when it is about nothing in particular. */
export function targetText(target: AuditEntry['target'], { label }: Pick<Text, 'label'>): string | null {
  if (!target) return null
  const kind = label('auditTarget', target.kind)
  const name = target.kind === 'job' && target.id ? label('job', target.id) : (target.label ?? target.id)
  return name ? `${kind} ${name}` : kind
}
