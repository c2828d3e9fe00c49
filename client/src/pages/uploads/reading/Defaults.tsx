import { Select } from 'antd'
import { useState } from 'react'
import type { ColumnField, ImportView } from '../../../../../server/imports/schema.ts'
import { useText } from '../../../i18n/index.ts'
import { FIELD_ORDER } from '../fields.ts'
import type { DraftOf } from './MappingDrawer.tsx'
import { ValueSelect } from './ValueSelect.tsx'

/** Columns that a list often lacks because all its rows say the same. */
const USUAL: readonly ColumnField[] = ['category', 'energy', 'operator', 'county']
/** What makes no sense for many rows at once. */
const OWN: readonly ColumnField[] = ['plate', 'vin', 'replaces', 'certificate', 'plateColour']

/** What is taken for columns that the list does not have, and for empty cells. */
export function Defaults({ view, of }: { view: ImportView; of: DraftOf }) {
  const { t, label } = useText()
  const [added, setAdded] = useState<readonly ColumnField[]>([])
  const read = new Set(view.columns.map((c) => of.fieldOf(c)))
  const mode = of.draft.mode ?? view.mode
  const lacking = [...USUAL, ...(mode === 'changes' ? (['kind', 'on'] as const) : [])].filter(
    (field) => !read.has(field) && !(field === 'operator' && view.operator),
  )
  const shown = FIELD_ORDER.filter(
    (field) => lacking.includes(field) || added.includes(field) || of.defaultOf(field) !== undefined,
  )
  const others = FIELD_ORDER.filter((field) => !shown.includes(field) && !OWN.includes(field))
  return (
    <section className="mapping-part">
      <h3>{t('reading.defaultsTitle')}</h3>
      <p className="hint">{t('reading.defaultsHint')}</p>
      <ul className="value-list">
        {shown.map((field) => (
          <li key={field}>
            <span className="value-text">{label('field', field)}</span>
            <ValueSelect
              field={field}
              text={label('field', field)}
              value={of.defaultOf(field)}
              placeholder={t('reading.defaultPlaceholder')}
              onChange={(value) => of.putDefault(field, value)}
            />
          </li>
        ))}
      </ul>
      <Select<ColumnField>
        className="value-select"
        value={null}
        placeholder={t('reading.defaultAdd')}
        aria-label={t('reading.defaultAdd')}
        options={others.map((value) => ({ value, label: label('field', value) }))}
        onChange={(field) => setAdded([...added, field])}
        data-testid="default-add"
      />
    </section>
  )
}
