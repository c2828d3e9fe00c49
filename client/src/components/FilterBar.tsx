import { CloseOutlined, FilterOutlined } from '@ant-design/icons'
import { Button, Select } from 'antd'
import { type ReactNode, useState } from 'react'
import { useText } from '../i18n/index.ts'
import { CARDS_WIDTH, useNarrow } from './useNarrow.ts'
import './filters.css'

/** A filter that is in force, in words, and how it is taken away. */
export interface Chip {
  key: string
  name: string
  value: string
  clear: () => void
}

/**
 * A list's filters: a field for searching and choices, which on a narrow screen fold away, and below them each that is
 * in force, to be taken away one by one or all at once.
 */
export function FilterBar(props: {
  search?: ReactNode
  children: ReactNode
  chips: readonly Chip[]
  onClear: () => void
}) {
  const { search, children, chips, onClear } = props
  const { t } = useText()
  const narrow = useNarrow(CARDS_WIDTH)
  const [open, setOpen] = useState(false)
  return (
    <search>
      <div className="filters">
        {search}
        {narrow && (
          <Button
            className="filter-wide"
            icon={<FilterOutlined />}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
            data-testid="filter-toggle"
          >
            {chips.length > 0 ? t('filters.toggleCount', { n: chips.length }) : t('filters.toggle')}
          </Button>
        )}
        {(!narrow || open) && children}
      </div>
      {chips.length > 0 && <Chips chips={chips} onClear={onClear} />}
    </search>
  )
}

function Chips({ chips, onClear }: { chips: readonly Chip[]; onClear: () => void }) {
  const { t } = useText()
  return (
    <ul className="filter-chips" aria-label={t('filters.active')} data-testid="filter-chips">
      {chips.map(({ key, name, value, clear }) => (
        <li key={key}>
          <button
            type="button"
            onClick={clear}
            aria-label={t('filters.remove', { name, value })}
            data-testid={`chip-${key}`}
          >
            <span>{t('filters.chip', { name, value })}</span>
            <CloseOutlined aria-hidden />
          </button>
        </li>
      ))}
      <li>
        <Button type="text" size="small" onClick={onClear} data-testid="clear-filters">
          {t('common.clear')}
        </Button>
      </li>
    </ul>
  )
}

interface Option {
  value: string
  label: string
}

/** Chooses several values of a closed set, perhaps in groups; how many are chosen stands beside the name, which ones in the chips. */
export function ManyChoice(props: {
  label: string
  value: string
  options: (Option | { label: string; title: string; options: Option[] })[]
  onChange: (value: string) => void
  testId: string
}) {
  const { label, value, options, onChange, testId } = props
  return (
    <Select
      mode="multiple"
      allowClear
      maxTagCount={0}
      maxTagPlaceholder={(hidden) => `${label} · ${hidden.length}`}
      value={value === '' ? [] : value.split(',')}
      onChange={(chosen: string[]) => onChange(chosen.join(','))}
      showSearch={{ optionFilterProp: 'label' }}
      placeholder={label}
      aria-label={label}
      options={options}
      popupMatchSelectWidth={false}
      data-testid={testId}
    />
  )
}

/** Makes the chip of a filter with one value, said in words; none when it is not in force. */
export const chipOf =
  <K extends string>(values: Record<K, string>, set: (changes: { [name in K]?: string }) => void) =>
  (key: K, name: string, word = (value: string) => value): Chip[] =>
    values[key] === ''
      ? []
      : [{ key, name, value: word(values[key]), clear: () => set({ [key]: '' } as { [name in K]?: string }) }]

/** Each value of a comma-separated filter as a chip of its own. */
export function chipsOf(
  key: string,
  name: string,
  value: string,
  word: (one: string) => string,
  change: (value: string) => void,
): Chip[] {
  const all = value === '' ? [] : value.split(',')
  return all.map((one) => ({
    key: `${key}-${one}`,
    name,
    value: word(one),
    clear: () => change(all.filter((other) => other !== one).join(',')),
  }))
}
