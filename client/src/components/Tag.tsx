import type { MailView } from '../../../jobs/schema.ts'
import type { AssessmentStatus } from '../../../server/domain/assessment.ts'
import type { ImportStatus, Outcome } from '../../../server/imports/schema.ts'
import { useMe } from '../app/session.tsx'
import { useText } from '../i18n/index.ts'

export type Tone = 'good' | 'warn' | 'bad' | 'busy' | 'plain'

/** A status in plain words; its colour only repeats what the word says. */
export function Tag({ tone, children, testId }: { tone: Tone; children: string; testId?: string }) {
  return (
    <span className={`tag tag-${tone}`} data-testid={testId}>
      {children}
    </span>
  )
}

const ASSESSMENT: Record<AssessmentStatus, Tone> = {
  'no-data': 'plain',
  'on-track': 'good',
  'at-risk': 'warn',
  behind: 'bad',
  breached: 'bad',
  met: 'good',
  missed: 'bad',
  reported: 'plain',
}

/** The colour of an assessment; of a status from a newer service none. */
export const assessmentTone = (status: string): Tone =>
  Object.hasOwn(ASSESSMENT, status) ? ASSESSMENT[status as AssessmentStatus] : 'plain'

/** How a rule stands. */
export function AssessmentTag({ status, testId }: { status: string; testId?: string }) {
  const { label } = useText()
  return (
    <Tag tone={assessmentTone(status)} {...(testId ? { testId } : {})}>
      {label('assessment', status)}
    </Tag>
  )
}

const IMPORT: Record<ImportStatus, Tone> = {
  parsing: 'busy',
  checked: 'warn',
  submitted: 'warn',
  applying: 'busy',
  applied: 'good',
  rejected: 'bad',
  failed: 'bad',
  cancelled: 'plain',
  withdrawing: 'busy',
  withdrawn: 'plain',
}

/** Where an upload stands; one that its sender has not submitted yet does not wait for a decision. */
export function ImportTag({ status }: { status: ImportStatus }) {
  const { t, label } = useText()
  const me = useMe()
  return (
    <Tag tone={IMPORT[status]} testId="import-status">
      {status === 'checked' && me.role === 'operator' ? t('import.toSubmit') : label('importStatus', status)}
    </Tag>
  )
}

const OUTCOME: Record<Outcome, Tone> = {
  new: 'good',
  changed: 'good',
  unchanged: 'plain',
  error: 'bad',
  missing: 'warn',
}

/** What came out for a row. */
export function OutcomeTag({ outcome }: { outcome: Outcome }) {
  const { label } = useText()
  return <Tag tone={OUTCOME[outcome]}>{label('outcome', outcome)}</Tag>
}

const MAIL: Record<MailView['status'], Tone> = {
  queued: 'plain',
  sending: 'busy',
  sent: 'good',
  failed: 'warn',
  'given-up': 'bad',
}

/** Where a mail stands. */
export function MailTag({ status }: { status: MailView['status'] }) {
  const { label } = useText()
  return <Tag tone={MAIL[status]}>{label('mailStatus', status)}</Tag>
}
