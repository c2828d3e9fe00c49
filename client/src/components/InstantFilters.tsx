import { SearchOutlined } from '@ant-design/icons'
import { Button, Input, Select } from 'antd'
import { useText } from '../i18n/index.ts'
import type { useAddress } from './useAddress.ts'

/** The filters of a list that the page holds whole, which each letter narrows at once; they live in the address. */
export function InstantFilters<K extends string>(
  props: Pick<ReturnType<typeof useAddress<K | 'q'>>, 'values' | 'set' | 'clear' | 'active'> & {
    search: { label: string; testId: string }
    choices: {
      name: K
      label: string
      /** what it says while nothing is chosen */
      all: string
      options: { value: string; label: string }[]
    }[]
  },
) {
  const { t } = useText()
  const { values, set, clear, active, search, choices } = props
  const change = (name: K | 'q', value: string | undefined) =>
    ({ [name]: value }) as Partial<Record<K | 'q', string | undefined>>
  return (
    <search className="filters">
      <div className="filter-wide" data-search>
        <Input
          allowClear
          prefix={<SearchOutlined />}
          value={values.q}
          maxLength={100}
          placeholder={search.label}
          aria-label={search.label}
          // Each letter would otherwise be a step to go back by.
          onChange={(event) => set(change('q', event.target.value), { replace: true })}
          data-testid={search.testId}
        />
      </div>
      {choices.map(({ name, label, all, options }) => (
        <Select
          key={name}
          allowClear
          value={values[name] || undefined}
          onChange={(value: string | undefined) => set(change(name, value))}
          placeholder={all}
          aria-label={label}
          options={options}
          data-testid={`filter-${name}`}
        />
      ))}
      {active && (
        <Button type="text" className="filter-auto" onClick={clear}>
          {t('common.clear')}
        </Button>
      )}
    </search>
  )
}

/** Whether every word that was typed is in one of the texts. */
export function holdsWords(typed: string, texts: readonly string[]): boolean {
  const text = texts.join('\n').toLowerCase()
  return typed
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}
