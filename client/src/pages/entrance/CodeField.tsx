import { Input, type InputRef } from 'antd'
import { useEffect, useRef } from 'react'
import { testId } from '../../components/testId.ts'
import { useText } from '../../i18n/index.ts'
import './steps.css'

const DIGITS = 6

/** The digits of what was typed or pasted, full-width ones and "123 456" too; at most six. */
export const digitsOf = (text: string): string => text.normalize('NFKC').replace(/\D/g, '').slice(0, DIGITS)

/** The six digits of an authenticator app; the sixth sends them. */
export function CodeField(props: {
  value: string
  onChange: (code: string) => void
  onComplete: (code: string) => void
  id?: string
  /** an answer that refused the last code: the field is emptied and takes the next one */
  refused: unknown
}) {
  const { value, onChange, onComplete, id, refused } = props
  const { t } = useText()
  const input = useRef<InputRef>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another refusal empties the field
  useEffect(() => {
    if (!refused) return
    onChange('')
    input.current?.focus()
  }, [refused])
  return (
    <Input
      ref={input}
      {...(id ? { id } : {})}
      className="code-field"
      autoFocus
      size="large"
      value={value}
      inputMode="numeric"
      autoComplete="one-time-code"
      aria-label={t('entrance.code')}
      placeholder="000000"
      onChange={(event) => {
        const code = digitsOf(event.target.value)
        onChange(code)
        if (code.length === DIGITS && code !== value) onComplete(code)
      }}
      {...testId('code')}
    />
  )
}

export const isCode = (code: string): boolean => code.length === DIGITS
