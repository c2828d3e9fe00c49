import { SearchOutlined } from '@ant-design/icons'
import { Input } from 'antd'
import { useEffect, useState } from 'react'

/** A list's search. Asks once typing pauses, not at each letter; Enter asks at once. `/` leads here. */
export function SearchField(props: {
  value: string
  onChange: (value: string) => void
  label: string
  testId: string
}) {
  const { value, onChange, label, testId } = props
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (text.trim() === value) return
    const timer = setTimeout(() => onChange(text.trim()), 250)
    return () => clearTimeout(timer)
  }, [text, value, onChange])
  return (
    <div className="filter-wide" data-search data-typing={text.trim() !== value}>
      <Input
        allowClear
        value={text}
        maxLength={60}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={({ key }) => {
          if ((key === 'Enter' || key === 'ArrowDown') && text.trim() !== value) onChange(text.trim())
        }}
        prefix={<SearchOutlined />}
        suffix={<kbd aria-hidden>/</kbd>}
        placeholder={label}
        aria-label={label}
        data-testid={testId}
      />
    </div>
  )
}
