import { SettingOutlined } from '@ant-design/icons'
import { App, Button } from 'antd'
import { useState } from 'react'
import type { ImportView } from '../../../../../server/imports/schema.ts'
import { useProblemText } from '../../../components/problem.ts'
import { useText } from '../../../i18n/index.ts'
import { useShownValue } from '../fields.ts'
import { inverseOf, type Mapping, useMapping } from '../useMapping.ts'
import { MappingDrawer } from './MappingDrawer.tsx'
import { Notes } from './Notes.tsx'
import { UnknownValues } from './UnknownValues.tsx'
import './reading.css'

/** How the file was read, in a line, with everything about it to adjust; wordings that nobody understands come first. */
export function ReadingCard(props: {
  view: ImportView
  undo: Mapping | null
  onUndo: (undo: Mapping | null) => void
}) {
  const { view, undo, onUndo } = props
  const { t } = useText()
  const { message } = App.useApp()
  const problem = useProblemText()
  const mapping = useMapping(view.id)
  const [open, setOpen] = useState(false)
  const may = view.may.includes('map')
  const apply = (next: Mapping, back: Mapping | null) =>
    mapping.mutate(next, {
      onSuccess: () => {
        setOpen(false)
        onUndo(back)
        message.success(t('reading.applied'))
      },
      onError: (error) => void message.error(problem(error)),
    })
  const change = (next: Mapping) => apply(next, inverseOf(next, view))
  return (
    <section className="card reading" aria-labelledby="reading-title" data-testid="reading">
      <div className="card-head">
        <h2 id="reading-title">{t('reading.title')}</h2>
        <Summary view={view} />
        <span className="reading-actions">
          {undo && may && (
            <Button
              size="small"
              type="text"
              loading={mapping.isPending}
              onClick={() => apply(undo, null)}
              data-testid="undo-mapping"
            >
              {t('reading.undo')}
            </Button>
          )}
          {may && (
            <Button
              size="small"
              icon={<SettingOutlined />}
              onClick={() => setOpen(true)}
              data-testid="open-mapping"
            >
              {t('reading.adjust')}
            </Button>
          )}
        </span>
      </div>
      <Remembered view={view} may={may} onChange={change} />
      <Notes view={view} />
      {may && <UnknownValues view={view} busy={mapping.isPending} onApply={change} />}
      <MappingDrawer
        view={view}
        open={open}
        busy={mapping.isPending}
        onClose={() => setOpen(false)}
        onApply={change}
      />
    </section>
  )
}

function Summary({ view }: { view: ImportView }) {
  const { t, language } = useText()
  const read = view.columns.filter((c) => view.sheets.some((s) => s.index === c.sheet && s.chosen))
  const known = read.filter((c) => c.field !== null).length
  const unused = read.filter((c) => c.field === null)
  const chosen = view.sheets.filter((s) => s.chosen && s.name !== null)
  const parts = [
    t('reading.summary', { known }),
    ...(unused.length > 0 ? [t('reading.unused', { n: unused.length, count: unused.length })] : []),
    ...(chosen.length > 0
      ? [t('reading.sheets', { names: chosen.map((s) => s.name).join(language === 'en' ? ', ' : '、') })]
      : []),
    ...(view.headerRow > 0 ? [t('reading.header', { row: view.headerRow })] : []),
    ...(view.encoding && view.encoding.toLowerCase() !== 'utf-8'
      ? [t('reading.encoding', { encoding: view.encoding })]
      : []),
  ]
  return (
    <span className="hint" title={unused.map((c) => c.header).join('、')}>
      {parts.join(' · ')}
    </span>
  )
}

/** What was taken from last time, or is filled in for all rows, each with a way to take it back. */
function Remembered(props: { view: ImportView; may: boolean; onChange: (mapping: Mapping) => void }) {
  const { view, may, onChange } = props
  const { t, label } = useText()
  const shown = useShownValue()
  const forget = (what: string, mapping: Mapping) =>
    may && (
      <Button
        size="small"
        type="link"
        aria-label={t('reading.forgetLabel', { text: what })}
        onClick={() => onChange({ ...mapping, remember: true })}
        data-testid="forget"
      >
        {t('reading.forget')}
      </Button>
    )
  const columns = view.columns.filter((c) => c.by === 'remembered')
  const values = view.values.filter((v) => v.by !== 'recognised' && v.value !== null)
  // Whose list it is was known before anything was filled in.
  const defaults = Object.entries(view.defaults).filter(([field]) => !(field === 'operator' && view.operator))
  if (columns.length === 0 && values.length === 0 && defaults.length === 0) return null
  return (
    <div className="remembered" data-testid="remembered">
      {(columns.length > 0 || values.length > 0) && (
        <span className="hint">{t('reading.rememberedLine')}</span>
      )}
      {columns.map((c) => (
        <span key={`${c.sheet} ${c.index}`} className="remembered-item">
          {t('reading.rememberedColumn', {
            header: c.header || c.letter,
            field: c.field ? label('field', c.field) : t('reading.unusedOption'),
          })}
        </span>
      ))}
      {values.map((v) => (
        <span key={`${v.field} ${v.text}`} className="remembered-item">
          {t('reading.rememberedValue', { text: v.text, value: shown(v.field, v.value ?? '', true) })}
          {forget(v.text, { values: [{ field: v.field, text: v.text, value: null }] })}
        </span>
      ))}
      {defaults.length > 0 && <span className="hint">{t('reading.defaultLine')}</span>}
      {defaults.map(([field, text]) => (
        <span key={field} className="remembered-item">
          {label('field', field)}：{shown(field, text ?? '', true)}
          {forget(label('field', field), { defaults: { [field]: null } })}
        </span>
      ))}
    </div>
  )
}
