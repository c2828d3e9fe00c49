import { Select } from 'antd'
import {
  COLUMN_FIELDS,
  type ColumnField,
  type ImportColumn,
  type ImportView,
} from '../../../../../server/imports/schema.ts'
import { useText } from '../../../i18n/index.ts'
import type { DraftOf } from './MappingDrawer.tsx'
import { columnKey } from './useDraft.ts'

const UNUSED = ''

/** Each column with its header, some of its texts, and what it is read as. */
export function ColumnMapping({ view, of }: { view: ImportView; of: DraftOf }) {
  const { t } = useText()
  const chosen = of.draft.sheets ?? view.sheets.filter((s) => s.chosen).map((s) => s.index)
  const sheets = view.sheets.filter((s) => chosen.includes(s.index))
  return (
    <section className="mapping-part">
      <h3>{t('reading.columnsTitle')}</h3>
      <p className="hint">{t('reading.columnsHint')}</p>
      {sheets.map((sheet) => (
        <div key={sheet.index}>
          {sheets.length > 1 && <h4>{sheet.name}</h4>}
          <ul className="column-list">
            {view.columns
              .filter((c) => c.sheet === sheet.index)
              .map((column) => (
                <ColumnRow key={columnKey(column)} column={column} view={view} of={of} />
              ))}
          </ul>
        </div>
      ))}
    </section>
  )
}

function ColumnRow({ column, view, of }: { column: ImportColumn; view: ImportView; of: DraftOf }) {
  const { t, label } = useText()
  const field = of.fieldOf(column)
  const taken = new Map<ColumnField, string>()
  for (const other of view.columns) {
    const theirs = of.fieldOf(other)
    if (theirs && other.sheet === column.sheet && other.index !== column.index)
      taken.set(theirs, other.letter)
  }
  const changed = of.draft.columns[columnKey(column)] !== undefined
  return (
    <li className={field === null ? 'column-unused' : ''}>
      <div className="column-text">
        <span className="letter">{column.letter}</span>
        <b>{column.header || t('reading.noHeader')}</b>
        {!changed && column.by !== 'recognised' && <span className="mark">{t(`reading.${column.by}`)}</span>}
        <div className="hint column-samples" title={column.samples.join('\n')}>
          {column.samples.join(' · ')}
        </div>
      </div>
      <Select<string>
        className="value-select"
        showSearch={{ optionFilterProp: 'label' }}
        popupMatchSelectWidth={false}
        value={field ?? UNUSED}
        aria-label={`${column.letter} ${column.header}`}
        onChange={(value) => of.putColumn(column, value === UNUSED ? null : (value as ColumnField))}
        options={[
          { value: UNUSED, label: t('reading.unusedOption') },
          ...COLUMN_FIELDS.map((value) => ({
            value,
            label: label('field', value) + (taken.has(value) ? ` (${taken.get(value)})` : ''),
          })),
        ]}
        data-testid={`column-${column.letter}`}
      />
    </li>
  )
}
