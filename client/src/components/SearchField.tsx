import { SearchOutlined } from '@ant-design/icons'
import { Input } from 'antd'
import { useEffect, useState } from 'react'

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
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (text.trim() === value) return
    const timer = setTimeout(() => onChange(text.trim()), 250)
    return () => clearTimeout(timer)
  }, [text, value, onChange])
  return (
    <div
      className="filter-wide"
      {...(second ? {} : { 'data-search': true })}
      data-typing={text.trim() !== value}
    >
      <Input
        allowClear
        value={text}
        maxLength={60}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={({ key }) => {
          if ((key === 'Enter' || key === 'ArrowDown') && text.trim() !== value) onChange(text.trim())
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
