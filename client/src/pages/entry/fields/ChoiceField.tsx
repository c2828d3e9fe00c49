import { useQuery } from '@tanstack/react-query'
import { AutoComplete, Select } from 'antd'
import type { ReactNode } from 'react'
import { queries } from '../../../api/queries.ts'
import { useMe } from '../../../app/session.tsx'
import { useText } from '../../../i18n/index.ts'
import { useEntry } from '../useEntryForm.ts'
import { Field } from './Field.tsx'

type ChoiceName = 'category' | 'energy' | 'emission' | 'reason' | 'chemistry' | 'county' | 'toCounty'

interface Choice {
  value: string
  label: string
}

const contains = (typed: string, ...texts: readonly (string | null)[]): boolean => {
  const piece = typed.trim().toLowerCase()
  return texts.some((text) => text?.toLowerCase().includes(piece) ?? false)
}

/** One of a few, found by typing a part of its name or its code. */
export function ChoiceField(props: {
  name: ChoiceName
  options: readonly Choice[]
  optional?: boolean
  hint?: ReactNode
  placeholder?: string
}) {
  const { name, options, optional, placeholder } = props
  const { draft, set } = useEntry()
  return (
    <Field {...props}>
      {(control, look) => (
        <Select
          {...control}
          {...look}
          allowClear={optional ?? false}
          showSearch={{
            filterOption: (typed, option) => contains(typed, option?.label ?? '', option?.value ?? ''),
          }}
          value={draft[name] || null}
          onChange={(value: string | null | undefined) => set({ [name]: value ?? '' })}
          {...(placeholder ? { placeholder } : {})}
          options={[...options]}
        />
      )}
    </Field>
  )
}

/** A county; for a county's officer only its own. */
export function CountyField({ name, optional }: { name: 'county' | 'toCounty'; optional?: boolean }) {
  const { language, t } = useText()
  const me = useMe()
  const { data } = useQuery(queries.regions())
  const options = data?.items
    .filter((r) => me.county === null || r.code.startsWith(me.county))
    .map((r) => ({ value: r.code, label: language === 'en' ? r.english : r.name }))
  return (
    <ChoiceField
      name={name}
      options={options ?? []}
      placeholder={t('entry.typeToFind')}
      {...(optional ? { optional } : {})}
    />
  )
}

/** An operator, found by a part of its name, an alias or its credit code; a new one may be typed in full. */
export function OperatorField({ name, optional }: { name: 'operator' | 'toOperator'; optional?: boolean }) {
  const { t } = useText()
  const { draft, set } = useEntry()
  const { data } = useQuery(queries.operators())
  const typed = draft[name]
  const found = (data?.items ?? []).filter(
    (o) => typed.trim() === '' || contains(typed, o.name, o.creditCode, ...o.aliases),
  )
  const exact = found.some((o) => o.name === typed.trim())
  return (
    <Field name={name} {...(optional ? { optional } : {})}>
      {(control, look) => (
        <AutoComplete
          {...control}
          {...look}
          value={typed}
          onChange={(value: string | undefined) => set({ [name]: value ?? '' })}
          placeholder={t('entry.operatorPlaceholder')}
          maxLength={100}
          defaultActiveFirstOption={typed.trim() !== ''}
          showSearch={{ filterOption: false }}
          options={exact ? [] : found.slice(0, 50).map((o) => ({ value: o.name, label: o.name }))}
        />
      )}
    </Field>
  )
}
