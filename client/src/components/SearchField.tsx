import { SearchOutlined } from '@ant-design/icons'
import { Input } from 'antd'
import { useCallback, useEffect, useRef, useState } from 'react'

/** A list's search. Asks once typing pauses, not at each letter; Enter asks at once. `/` leads here. */
export function SearchField(props: {
  value: string
  onChange: (value: string) => void
  label: string
  testId: string
  /** not the list's own search, to which `/` leads */
  second?: boolean
}) {
  const { value, onChange, label, testId, second = false } = props
  const [text, setText] = useState(value)
  const asked = text.trim()
  /** what was asked for here, from what the page shows to what it does not show yet */
  const sent = useRef([value])
  const send = useCallback(
    (search: string) => {
      sent.current.push(search)
      onChange(search)
    },
    [onChange],
  )
  useEffect(() => {
    const own = sent.current.indexOf(value)
    sent.current = own === -1 ? [value] : sent.current.slice(own)
    // What was asked for here is no news: more may have been typed meanwhile, or a blank before the next word.
    if (own === -1) setText(value)
  }, [value])
  useEffect(() => {
    if (asked === value) return
    const timer = setTimeout(() => send(asked), 250)
    return () => clearTimeout(timer)
  }, [asked, value, send])
  return (
    <div className="filter-wide" {...(second ? {} : { 'data-search': true })} data-typing={asked !== value}>
      <Input
        allowClear
        value={text}
        maxLength={60}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={({ key }) => {
          if ((key === 'Enter' || key === 'ArrowDown') && asked !== value) send(asked)
        }}
        prefix={<SearchOutlined />}
        suffix={second ? undefined : <kbd aria-hidden>/</kbd>}
        placeholder={label}
        aria-label={label}
        data-testid={testId}
      />
    </div>
  )
}
