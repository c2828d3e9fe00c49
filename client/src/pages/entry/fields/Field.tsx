import type { ReactNode } from 'react'
import { useText } from '../../../i18n/index.ts'
import type { FieldName } from '../draft.ts'
import type { Fault } from '../read-draft.ts'
import { fieldId, useEntry } from '../useEntryForm.ts'

/** What ties a control to its label and messages. */
export interface ControlProps {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': boolean
  'data-testid': string
}

/** The look of a control for what is wrong with it. */
export type Look = { status?: 'error' | 'warning' }

/** What a fault says: what is wrong, then what to do. */
export function useFaultText(): (fault: Fault) => string {
  const { t, label, issue } = useText()
  return ({ field, code, params, serverField }) => {
    if (code === 'required.missing')
      return field === null ? issue(code, params) : t('entry.needed', { field: t(`entry.field.${field}`) })
    if (code === 'capacity.invalid') return t('entry.capacityInvalid', { value: params.value ?? '' })
    if (label('issueName', code) !== code) return issue(code, params, serverField)
    if (label('fault', code) !== code) return t(`fault.${code}` as never, params)
    return t('entry.badFormat')
  }
}

/** A labelled field with what is wrong with it beneath. */
export function Field(props: {
  name: FieldName
  /** other words than the field's usual ones */
  label?: string | undefined
  /** it may be left empty */
  optional?: boolean
  hint?: ReactNode
  wide?: boolean
  children: (control: ControlProps, look: Look) => ReactNode
}) {
  const { name, optional, hint, wide, children } = props
  const { t } = useText()
  const form = useEntry()
  const text = useFaultText()
  const faults = form.shown(name)
  const error = faults.some((f) => f.severity === 'error')
  const id = fieldId(name)
  const described = faults.length > 0 ? `${id}-faults` : hint ? `${id}-hint` : undefined
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only notes that the control within has been left
    <div
      className={wide ? 'entry-field entry-wide' : 'entry-field'}
      data-field={name}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) form.touch(name)
      }}
    >
      <label htmlFor={id}>
        {props.label ?? t(`entry.field.${name}`)}
        {optional && <span className="entry-optional">{t('entry.optional')}</span>}
      </label>
      {children(
        {
          id,
          'aria-describedby': described,
          'aria-invalid': error,
          'data-testid': id,
        },
        error ? { status: 'error' } : faults.length > 0 ? { status: 'warning' } : {},
      )}
      {faults.length > 0 ? (
        <ul id={`${id}-faults`} className="entry-faults" aria-live="polite">
          {faults.map((fault) => (
            <li
              key={`${fault.code} ${JSON.stringify(fault.params)}`}
              className={`problem-${fault.severity}`}
              data-testid={`fault-${name}-${fault.code}`}
            >
              {text(fault)}
            </li>
          ))}
        </ul>
      ) : (
        hint && (
          <div id={`${id}-hint`} className="hint">
            {hint}
          </div>
        )
      )}
    </div>
  )
}
