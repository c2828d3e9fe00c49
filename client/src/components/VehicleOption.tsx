import { isNewEnergy } from '../../../server/domain/vocabulary.ts'
import type { VehicleSuggestion } from '../../../server/vehicles/schema.ts'
import { useText } from '../i18n/index.ts'
import { useCountyName } from './choices.tsx'
import './vehicle-picker.css'

/** A text with the piece that was looked for marked. */
export function Marked({ text, piece }: { text: string; piece: string }) {
  const at = piece === '' ? -1 : text.indexOf(piece)
  if (at < 0) return text
  return (
    <>
      {text.slice(0, at)}
      <mark>{piece}</mark>
      {text.slice(at + piece.length)}
    </>
  )
}

/** A vehicle in a list of suggestions: enough of it to tell it from others of nearly the same plate. */
export function VehicleOption({ vehicle, fragment }: { vehicle: VehicleSuggestion; fragment: string }) {
  const { t, label } = useText()
  const countyName = useCountyName()
  const { plate, vin, category, energy, operatorName, county, status } = vehicle
  return (
    <span className="vehicle-option" data-testid={`suggestion-${vin}`}>
      <span className="vehicle-option-head">
        <span className={isNewEnergy(energy) ? 'plate plate-new' : 'plate'}>
          <Marked text={plate} piece={fragment} />
        </span>
        <span className="mono">
          <Marked text={vin} piece={fragment} />
        </span>
        {status !== 'active' && <span className="tag">{label('vehicleStatus', status)}</span>}
      </span>
      <span className="vehicle-option-facts">
        {[label('category', category), label('energy', energy), operatorName || t('picker.noOperator')]
          .concat(countyName(county))
          .join(' · ')}
      </span>
    </span>
  )
}
