import { useEffect } from 'react'
import type { Kind } from '../../../../server/domain/vocabulary.ts'
import { isTyping } from '../../app/useSlashKey.ts'
import { useText } from '../../i18n/index.ts'
import { KIND_ORDER } from './draft.ts'

/** Chooses the kind of change: by a click, the arrow keys, or the keys 1 to 6 wherever no text is typed. */
export function KindChooser({
  kind,
  onChange,
}: {
  kind: Kind | null
  onChange: (kind: Kind, key?: boolean) => void
}) {
  const { t, label } = useText()
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (document.querySelector('.ant-modal-wrap:not([style*="display: none"])')) return
      const chosen = /^[1-6]$/.test(event.key) ? KIND_ORDER[Number(event.key) - 1] : undefined
      if (!chosen) return
      event.preventDefault()
      onChange(chosen, true)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [onChange])
  return (
    <fieldset className="kinds">
      <legend className="visually-hidden">{t('entry.kindLegend')}</legend>
      {KIND_ORDER.map((value, i) => (
        <label
          key={value}
          className={value === kind ? 'kind kind-chosen' : 'kind'}
          data-testid={`kind-${value}`}
        >
          <input
            type="radio"
            name="kind"
            value={value}
            checked={value === kind}
            onChange={() => onChange(value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return
              event.preventDefault()
              onChange(value, true)
            }}
          />
          <kbd aria-hidden>{i + 1}</kbd>
          <b>{label('kind', value)}</b>
          <span className="hint">{t(`entry.kindHint.${value}`)}</span>
        </label>
      ))}
    </fieldset>
  )
}
