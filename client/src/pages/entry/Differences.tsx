import type { ChangeView } from '../../../../server/changes/schema.ts'
import { useCountyName } from '../../components/choices.tsx'
import { NONE } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { type Draft, type FieldName, fieldsOf } from './draft.ts'
import { useEntry } from './useEntryForm.ts'

/** Facts that do not change while a vehicle is in service. */
const WHAT_IT_IS: readonly FieldName[] = ['category', 'energy', 'emission', 'registeredOn']

/** What a correction changes: each field before and after. */
export function Differences({ change, before }: { change: ChangeView; before: Draft }) {
  const { t, label } = useText()
  const countyName = useCountyName()
  const { draft } = useEntry()
  const plates = new Map([change.vehicle, ...change.retires].map(({ vin, plate }) => [vin, plate]))
  const word = (of: Draft, name: FieldName): string => {
    const value = of[name]
    if (Array.isArray(value))
      return value
        .map((one) => (typeof one === 'string' ? (plates.get(one) ?? one) : one.filename))
        .join('、')
    if (value === '') return ''
    if (name === 'county' || name === 'toCounty') return countyName(value)
    if (name === 'subject') return plates.get(value) ?? value
    if (name === 'chemistry') return t(`entry.chemistry.${value}` as never)
    if (name === 'category' || name === 'energy' || name === 'emission' || name === 'reason')
      return label(name, value)
    return value
  }
  const names = [...new Set([...fieldsOf(before.kind), ...fieldsOf(draft.kind)])]
  const shown = (of: Draft, name: FieldName) => (fieldsOf(of.kind).includes(name) ? word(of, name) : '')
  const rows = names
    .map((name) => ({
      name: t(`entry.field.${name}`),
      from: shown(before, name),
      to: shown(draft, name),
    }))
    .filter(({ from, to }) => from !== to)
  // As in a fleet list: what a vehicle is it has been all the time.
  const changesVehicle = WHAT_IT_IS.some((name) => shown(before, name) !== shown(draft, name))
  if (before.kind !== draft.kind)
    rows.unshift({
      name: label('field', 'kind'),
      from: label('kind', before.kind),
      to: label('kind', draft.kind),
    })
  return (
    <div className="entry-differences" data-testid="differences">
      <h3>{t('entry.differences')}</h3>
      {rows.length === 0 ? (
        <p className="hint">{t('entry.noDifferences')}</p>
      ) : (
        <dl>
          {rows.map(({ name, from, to }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <s>{from || NONE}</s> <span aria-hidden>→</span> <b>{to || NONE}</b>
              </dd>
            </div>
          ))}
        </dl>
      )}
      {changesVehicle && <p className="hint">{t('entry.wholeSpell')}</p>}
    </div>
  )
}
