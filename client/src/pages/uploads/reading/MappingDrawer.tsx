import { Button, Checkbox, DatePicker, Drawer, Radio } from 'antd'
import dayjs from 'dayjs'
import type { ImportView } from '../../../../../server/imports/schema.ts'
import { testId } from '../../../components/testId.ts'
import { count } from '../../../format.ts'
import { useText } from '../../../i18n/index.ts'
import type { Mapping } from '../useMapping.ts'
import { ColumnMapping } from './ColumnMapping.tsx'
import { Defaults } from './Defaults.tsx'
import { useDraft } from './useDraft.ts'
import { ValueSelect } from './ValueSelect.tsx'

export type DraftOf = ReturnType<typeof useDraft>

/** Everything about how a file is read, to adjust at once: sheets, kind of list, columns, wordings, what is missing. */
export function MappingDrawer(props: {
  view: ImportView
  open: boolean
  busy: boolean
  onClose: () => void
  onApply: (mapping: Mapping) => void
}) {
  const { view, open, busy, onClose, onApply } = props
  const { t } = useText()
  const of = useDraft(view)
  const mapping = of.mapping()
  const { draft } = of
  const noSheet = draft.sheets?.length === 0
  return (
    <Drawer
      open={open}
      onClose={onClose}
      afterOpenChange={(shown) => !shown && of.reset()}
      title={t('reading.drawer')}
      size={760}
      rootClassName="mapping-drawer"
      destroyOnHidden
      {...testId('mapping')}
      footer={
        <div className="mapping-foot">
          <Checkbox
            checked={draft.remember}
            onChange={(event) => of.put({ remember: event.target.checked })}
            data-testid="remember"
          >
            {t('reading.remember')}
            {view.operator && (
              <span className="hint"> · {t('reading.rememberFor', { operator: view.operator.name })}</span>
            )}
          </Checkbox>
          <span className="mapping-buttons">
            <Button onClick={onClose}>{t('common.cancel')}</Button>
            <Button
              type="primary"
              disabled={mapping === null || noSheet}
              loading={busy}
              onClick={() => mapping && onApply(mapping)}
              data-testid="apply-mapping"
            >
              {t('reading.apply')}
            </Button>
          </span>
        </div>
      }
    >
      <SheetChoice view={view} of={of} />
      <ModeChoice view={view} of={of} />
      <ColumnMapping view={view} of={of} />
      <Values view={view} of={of} />
      <Defaults view={view} of={of} />
    </Drawer>
  )
}

function SheetChoice({ view, of }: { view: ImportView; of: DraftOf }) {
  const { t } = useText()
  if (view.sheets.length < 2) return null
  const chosen = of.draft.sheets ?? view.sheets.filter((s) => s.chosen).map((s) => s.index)
  return (
    <section className="mapping-part">
      <h3>{t('reading.sheetsTitle')}</h3>
      <Checkbox.Group
        className="sheet-choice"
        value={chosen}
        onChange={(sheets) => of.put({ sheets: sheets.sort((a, b) => a - b) })}
        options={view.sheets.map((s) => ({
          value: s.index,
          disabled: s.headerRow === 0,
          label: (
            <>
              {s.name}
              <span className="hint">
                {s.hidden && ` · ${t('reading.sheetHidden')}`}
                {s.headerRow === 0
                  ? ` · ${t('reading.sheetNoHeader')}`
                  : s.rows !== null && ` · ${t('reading.sheetRows', { n: count(s.rows), count: s.rows })}`}
              </span>
            </>
          ),
        }))}
        {...testId('sheets')}
      />
      {chosen.length === 0 && <p className="problem-error">{t('reading.sheetNeeded')}</p>}
    </section>
  )
}

function ModeChoice({ view, of }: { view: ImportView; of: DraftOf }) {
  const { t } = useText()
  const mode = of.draft.mode ?? view.mode
  const asOf = of.draft.asOf ?? view.asOf
  return (
    <section className="mapping-part">
      <h3>{t('reading.modeTitle')}</h3>
      <Radio.Group
        value={mode}
        optionType="button"
        onChange={(event) => of.put({ mode: event.target.value })}
        options={[
          { value: 'changes', label: t('send.changes') },
          { value: 'fleet', label: t('send.fleet') },
        ]}
        {...testId('mapping-mode')}
      />
      <p className="hint">{t(mode === 'fleet' ? 'send.fleetHint' : 'send.changesHint')}</p>
      {mode === 'fleet' && (
        <label className="mapping-day" htmlFor="mapping-as-of">
          {t('send.asOf')}
          <DatePicker
            id="mapping-as-of"
            value={asOf ? dayjs(asOf) : null}
            allowClear={false}
            onChange={(day) => of.put({ asOf: day ? day.format('YYYY-MM-DD') : null })}
          />
        </label>
      )}
    </section>
  )
}

function Values({ view, of }: { view: ImportView; of: DraftOf }) {
  const { t, label } = useText()
  if (view.values.length === 0) return null
  return (
    <section className="mapping-part">
      <h3>{t('reading.valuesTitle')}</h3>
      <p className="hint">{t('reading.valuesHint')}</p>
      <ul className="value-list">
        {view.values.map((v) => (
          <li key={`${v.field} ${v.text}`}>
            <span className="value-text">
              {label('field', v.field)}
              <b>{v.text}</b>
              <span className="hint">{t('reading.valueRows', { n: count(v.rows), count: v.rows })}</span>
              {v.by !== 'recognised' && <span className="mark">{t(`reading.${v.by}`)}</span>}
            </span>
            <ValueSelect
              field={v.field}
              text={v.text}
              value={of.meaningOf(v.field, v.text, v.value) ?? undefined}
              onChange={(value) => of.putValue(v.field, v.text, value ?? null)}
            />
          </li>
        ))}
      </ul>
    </section>
  )
}
