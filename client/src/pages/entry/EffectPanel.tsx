import { Alert, Button, Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { Link } from 'react-router-dom'
import { ProblemError } from '../../api/client.ts'
import { EffectList, useRuleTitle } from '../../components/EffectList.tsx'
import { useProblemText } from '../../components/problem.ts'
import { useText } from '../../i18n/index.ts'
import { Dependents } from './Dependents.tsx'
import { fieldsOf } from './draft.ts'
import { useFaultText } from './fields/Field.tsx'
import { TextField } from './fields/TextField.tsx'
import { focusField, useEntry } from './useEntryForm.ts'

/** The codes that have a place of their own in the form. */
const AT_FIELDS = new Set(['change.invalid', 'request.invalid', 'change.breaks-target'])

/** Beside the form: what it would do to the figures, what is still missing, and saving it. */
export function EffectPanel(props: {
  saving: boolean
  saveText: string
  onSave: () => void
  /** what else must be said before saving */
  children?: ReactNode
}) {
  const { t } = useText()
  const { trial, refusal, asksReason } = useEntry()
  const problem = useProblemText()
  // That a correction changes nothing yet is no fault before it is saved.
  const tried = trial.error?.code === 'change.unchanged' ? null : trial.error
  const whole = [refusal, tried].find((error) => error && !AT_FIELDS.has(error.code))
  return (
    <aside className="card entry-panel" aria-labelledby="entry-effects">
      <h2 id="entry-effects">
        {t('entry.effects')}
        {trial.waiting && <span className="hint entry-waiting">{t('entry.trying')}</span>}
      </h2>
      <div aria-live="polite" data-testid="entry-effects" data-waiting={trial.waiting}>
        <Missing />
        <General />
        {whole && (
          <Alert
            type="error"
            showIcon
            title={problem(new ProblemError(whole.status, whole.code))}
            description={
              whole.code === 'change.has-dependents' ? (
                <Dependents faults={whole.errors} />
              ) : whole.code === 'change.duplicate' ? (
                <SameVehicle />
              ) : undefined
            }
            data-testid="entry-problem"
          />
        )}
        <Effects />
        {!trial.answer && !trial.error && !trial.waiting && <p className="hint">{t('entry.effectsHint')}</p>}
      </div>
      {props.children}
      {asksReason && <Breach />}
      <Button
        type="primary"
        size="large"
        block
        loading={props.saving}
        onClick={props.onSave}
        data-testid="entry-save"
      >
        {props.saveText}
        <kbd aria-hidden>{t('entry.saveKey')}</kbd>
      </Button>
    </aside>
  )
}

/** The vehicle whose entry is there already. */
function SameVehicle() {
  const { t } = useText()
  const { draft } = useEntry()
  const vin = draft.vin || draft.subject
  return vin ? <Link to={`/vehicles/${encodeURIComponent(vin)}`}>{t('entry.seeVehicle')}</Link> : null
}

function Effects() {
  const { t } = useText()
  const { trial } = useEntry()
  if (!trial.answer)
    return trial.waiting && !trial.error ? <Skeleton active title={false} paragraph={{ rows: 2 }} /> : null
  const { effects } = trial.answer
  return (
    <div className={trial.waiting ? 'stale' : ''}>
      {effects.length === 0 ? (
        <p className="hint" data-testid="no-effects">
          {t('entry.noEffects')}
        </p>
      ) : (
        <EffectList effects={effects} />
      )}
    </div>
  )
}

/** What must still be filled in; each leads to its field. */
function Missing() {
  const { t } = useText()
  const { faults, draft } = useEntry()
  const missing = new Set(faults.filter((f) => f.code === 'required.missing').map((f) => f.field))
  const fields = fieldsOf(draft.kind).filter((name) => missing.has(name))
  if (fields.length === 0) return null
  return (
    <p className="entry-missing" data-testid="entry-missing">
      {t('entry.missing')}
      {fields.map((name) => (
        <button key={name} type="button" className="chip" onClick={() => focusField(name)}>
          {t(`entry.field.${name}`)}
        </button>
      ))}
    </p>
  )
}

/** Faults of no field of this form. */
function General() {
  const { shown } = useEntry()
  const text = useFaultText()
  const faults = shown(null)
  if (faults.length === 0) return null
  return (
    <ul className="entry-faults">
      {faults.map((fault) => (
        <li key={fault.code} className={`problem-${fault.severity}`}>
          {text(fault)}
        </li>
      ))}
    </ul>
  )
}

const MISSED: ReadonlySet<string> = new Set(['behind', 'breached', 'missed'])

/** Says which targets this would break, and asks why it is recorded all the same. */
function Breach() {
  const { t, label } = useText()
  const { breaks, refusal } = useEntry()
  const title = useRuleTitle()
  const rules =
    breaks.length > 0
      ? // The target is the city's: what becomes of a county's own figure may be well.
        breaks.map(({ rule, after }) => ({ rule, status: MISSED.has(after.status) ? after.status : null }))
      : (refusal?.errors ?? []).map(({ path }) => ({ rule: path, status: 'breached' }))
  return (
    <div className="entry-breach" data-testid="entry-breach">
      {rules.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={t('entry.breachTitle')}
          description={
            <ul>
              {rules.map(({ rule, status }) => (
                <li key={rule}>
                  {status === null
                    ? title(rule)
                    : t('entry.breachRule', { rule: title(rule), status: label('assessment', status) })}
                </li>
              ))}
            </ul>
          }
        />
      )}
      <TextField
        name="breachReason"
        rows={2}
        maxLength={500}
        placeholder={t('entry.breachPlaceholder')}
        hint={t('entry.breachHint')}
      />
    </div>
  )
}
