import { Input, Select } from 'antd'
import { useText } from '../../../i18n/index.ts'
import { useFieldOptions } from '../fields.ts'

/** Chooses what a wording means, or what to fill in: a code of a closed set, or a text where there is none. */
export function ValueSelect(props: {
  field: string
  /** the wording that is given a meaning */
  text: string
  value: string | undefined
  placeholder?: string
  onChange: (value: string | undefined) => void
}) {
  const { field, text, value, onChange } = props
  const { t } = useText()
  const options = useFieldOptions()(field)
  const placeholder = props.placeholder ?? t('reading.valuePlaceholder')
  if (options === null)
    return (
      <Input
        allowClear
        className="value-select"
        value={value ?? ''}
        placeholder={field === 'on' || field === 'registeredOn' ? t('reading.dateHint') : placeholder}
        aria-label={text}
        onChange={(event) => onChange(event.target.value || undefined)}
        data-testid={`value-${field}-${text}`}
      />
    )
  return (
    <Select<string>
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      className="value-select"
      popupMatchSelectWidth={false}
      value={value ?? null}
      placeholder={placeholder}
      aria-label={text}
      options={options.map((o) => ({ value: o.code, label: o.label }))}
      onChange={(next) => onChange(next ?? undefined)}
      data-testid={`value-${field}-${text}`}
    />
  )
}
