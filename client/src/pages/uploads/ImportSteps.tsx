import { Steps } from 'antd'
import type { ImportStatus, ImportView } from '../../../../server/imports/schema.ts'
import { useMe } from '../../app/session.tsx'
import { CARDS_WIDTH, useNarrow } from '../../components/useNarrow.ts'
import { count, instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'

const REACHED: Partial<Record<ImportStatus, 'check' | 'submit' | 'decide' | 'record'>> = {
  parsing: 'check',
  failed: 'check',
  submitted: 'decide',
  applying: 'record',
  applied: 'record',
}

/** Where a list is on its way to the ledger, and in one line what happens next. Nothing for one that left that way. */
export function ImportSteps({ view }: { view: ImportView }) {
  const { t } = useText()
  const narrow = useNarrow(CARDS_WIDTH)
  const me = useMe()
  const { status } = view
  if (status === 'cancelled' || status === 'withdrawing' || status === 'withdrawn') return null
  const byOperator = view.submittedAt !== null || me.role === 'operator'
  const steps = byOperator
    ? (['check', 'submit', 'decide', 'record'] as const)
    : (['check', 'decide', 'record'] as const)
  const titles = {
    check: t('import.stepCheck'),
    submit: t('import.stepSubmit'),
    decide: t('import.stepDecide'),
    record: t('import.stepRecord'),
  }
  const at = REACHED[status] ?? (byOperator ? 'submit' : 'decide')
  const current = (steps as readonly string[]).indexOf(at)
  return (
    <section
      className="card import-steps"
      aria-label={t('import.steps')}
      data-testid="import-steps"
      data-step={at}
    >
      <Steps
        size="small"
        responsive={false}
        titlePlacement={narrow ? 'vertical' : 'horizontal'}
        current={status === 'applied' ? steps.length : current}
        status={status === 'failed' ? 'error' : 'process'}
        items={steps.map((step) => ({ title: titles[step] }))}
      />
      <NextLine view={view} />
    </section>
  )
}

/** What happens next, for the one who looks. */
function NextLine({ view }: { view: ImportView }) {
  const { t } = useText()
  const me = useMe()
  const { status, may, counts } = view
  const n = count(counts.toRecord)
  const lines: string[] = []
  if (status === 'checked' && me.role === 'operator') {
    if (counts.toRecord > 0) lines.push(t('import.nextOperatorChecked', { n, count: counts.toRecord }))
    if (counts.toRecord > 0 && counts.error > 0)
      lines.push(t('import.nextOperatorErrors', { n: count(counts.error), count: counts.error }))
  } else if (status === 'checked' && may.includes('approve')) {
    if (counts.toRecord > 0) lines.push(t('import.nextOwnChecked', { n, count: counts.toRecord }))
  } else if (status === 'submitted') {
    if (may.includes('approve'))
      lines.push(t('import.nextSubmittedDecide', { at: instant(view.submittedAt) }))
    else if (me.role === 'county-officer') lines.push(t('import.nextBureau'))
    else if (me.role === 'operator')
      lines.push(t('import.nextSubmittedOwn', { at: instant(view.submittedAt) }))
    else lines.push(t('import.nextLook'))
  } else if (status === 'checked') {
    lines.push(t(me.role === 'county-officer' ? 'import.nextBureau' : 'import.nextLook'))
  } else if (status === 'rejected' && may.includes('mend')) lines.push(t('import.nextReturned'))
  if (lines.length === 0) return null
  return (
    <p className="next-line" data-testid="import-next">
      {lines.join(' ')}
    </p>
  )
}
