import { Input } from 'antd'
import type { ReactNode } from 'react'
import { useEntry } from '../useEntryForm.ts'
import { Field } from './Field.tsx'

type TextName =
  | 'plate'
  | 'vin'
  | 'certificate'
  | 'packs'
  | 'capacityKwh'
  | 'note'
  | 'installed'
  | 'removed'
  | 'why'
  | 'breachReason'

/** A line of text, or several. */
export function TextField(props: {
  name: TextName
  label?: string | undefined
  optional?: boolean
  hint?: ReactNode
  wide?: boolean
  placeholder?: string
  maxLength: number
  rows?: number
  mono?: boolean
  suffix?: ReactNode
  numeric?: boolean
  /** brings what was typed into its usual form when the field is left */
  tidy?: (text: string) => string
}) {
  const { name, placeholder, maxLength, rows, mono, suffix, numeric, tidy } = props
  const { draft, set } = useEntry()
  const leave = () => {
    const text = tidy?.(draft[name]) ?? draft[name]
    if (text !== draft[name]) set({ [name]: text })
  }
  return (
    <Field {...props}>
      {(control, look) =>
        rows ? (
          <Input.TextArea
            {...control}
            {...look}
            className={mono ? 'entry-mono' : ''}
            autoSize={{ minRows: rows, maxRows: 10 }}
            value={draft[name]}
            maxLength={maxLength}
            {...(placeholder ? { placeholder } : {})}
            onChange={(event) => set({ [name]: event.target.value })}
            onBlur={leave}
          />
        ) : (
          <Input
            {...control}
            {...look}
            className={mono ? 'entry-mono' : ''}
            autoComplete="off"
            spellCheck={false}
            {...(numeric ? { inputMode: 'numeric' as const } : {})}
            value={draft[name]}
            maxLength={maxLength}
            {...(placeholder ? { placeholder } : {})}
            {...(suffix === undefined ? {} : { suffix })}
            onChange={(event) => set({ [name]: event.target.value })}
            onBlur={leave}
          />
        )
      }
    </Field>
  )
}
