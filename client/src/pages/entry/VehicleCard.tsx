import { hasExhaust } from '../../../../server/domain/vocabulary.ts'
import type { VehicleWithHistory } from '../../../../server/vehicles/schema.ts'
import { emissionText } from '../../components/changeColumns.tsx'
import { useCountyName } from '../../components/choices.tsx'
import { Tag } from '../../components/Tag.tsx'
import { Plate } from '../../components/VehicleLink.tsx'
import { useText } from '../../i18n/index.ts'

/** What the register knows of a vehicle, in short. @param quiet that it has left is no fault: the entry itself says so */
export function VehicleCard({ vehicle, quiet = false }: { vehicle: VehicleWithHistory; quiet?: boolean }) {
  const text = useText()
  const { label, t } = text
  const countyName = useCountyName()
  const facts = [
    label('category', vehicle.category),
    label('energy', vehicle.energy),
    ...(hasExhaust(vehicle.energy)
      ? [vehicle.emission === null ? t('entry.noEmission') : emissionText(vehicle, text)]
      : []),
    vehicle.operatorName,
    countyName(vehicle.county),
  ]
  return (
    <div className="entry-card entry-wide" data-testid={`card-${vehicle.vin}`}>
      <Plate plate={vehicle.plate} newEnergy={vehicle.newEnergy} />
      <span className="mono">{vehicle.vin}</span>
      <Tag tone={vehicle.status === 'active' ? 'good' : quiet ? 'plain' : 'bad'}>
        {`${label('vehicleStatus', vehicle.status)}${vehicle.exitedOn ? ` ${vehicle.exitedOn}` : ''}`}
      </Tag>
      <span className="entry-card-facts">{facts.join(' · ')}</span>
    </div>
  )
}
