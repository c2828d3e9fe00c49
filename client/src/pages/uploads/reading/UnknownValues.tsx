import { Alert, Button, Checkbox } from 'antd'
import { useState } from 'react'
import type { ImportValue, ImportView } from '../../../../../server/imports/schema.ts'
import { count } from '../../../format.ts'
import { useText } from '../../../i18n/index.ts'
import type { Mapping } from '../useMapping.ts'
import { ValueSelect } from './ValueSelect.tsx'

/** So many are shown at first, the commonest ones. */
const FIRST = 8
const keyOf = ({ field, text }: ImportValue): string => `${field}\u0000${text}`

/** Wordings that are not understood: one choice mends all their rows. */
export function UnknownValues(props: {
  view: ImportView
  busy: boolean
  onApply: (mapping: Mapping) => void
}) {
  const { view, busy, onApply } = props
  const { t, label } = useText()
  const [chosen, setChosen] = useState<ReadonlyMap<string, string>>(new Map())
  const [remember, setRemember] = useState(true)
  const [all, setAll] = useState(false)
  const unknown = view.values.filter((v) => v.value === null)
  if (unknown.length === 0) return null
  const values = unknown.flatMap((v) => {
    const value = chosen.get(keyOf(v))
    return value === undefined ? [] : [{ field: v.field, text: v.text, value }]
  })
  return (
    <Alert
      className="unknown-values"
      type="warning"
      showIcon
      title={t('reading.valuesUnknown', { n: unknown.length, count: unknown.length })}
      data-testid="unknown-values"
      description={
        <>
          <ul className="value-list value-list-wide">
            {(all ? unknown : unknown.slice(0, FIRST)).map((v) => (
              <li key={keyOf(v)}>
                <span className="value-text">
                  {label('field', v.field)}
                  <b>{v.text}</b>
                  <span className="hint">{t('reading.valueRows', { n: count(v.rows), count: v.rows })}</span>
                </span>
                <ValueSelect
                  field={v.field}
                  text={v.text}
                  value={chosen.get(keyOf(v))}
                  onChange={(value) => {
                    const next = new Map(chosen)
                    if (value) next.set(keyOf(v), value)
                    else next.delete(keyOf(v))
                    setChosen(next)
                  }}
                />
              </li>
            ))}
          </ul>
          {!all && unknown.length > FIRST && (
            <Button type="link" size="small" onClick={() => setAll(true)}>
              {t('reading.valuesMore', { n: unknown.length - FIRST, count: unknown.length - FIRST })}
            </Button>
          )}
          <div className="value-apply">
            <Button
              type="primary"
              disabled={values.length === 0}
              loading={busy}
              onClick={() => onApply({ values, remember })}
              data-testid="apply-values"
            >
              {t('reading.apply')}
            </Button>
            <Checkbox checked={remember} onChange={(event) => setRemember(event.target.checked)}>
              {t('reading.remember')}
            </Checkbox>
          </div>
        </>
      }
    />
  )
}
