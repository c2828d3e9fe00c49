import { Link } from 'react-router-dom'
import { usePast } from './usePast.ts'

/** A plate that leads to its vehicle, in the past that the page shows. */
export function VehicleLink({
  vin,
  plate,
  newEnergy = false,
}: {
  vin: string
  plate: string
  newEnergy?: boolean
}) {
  const { carry } = usePast()
  return (
    <Link to={carry(`/vehicles/${encodeURIComponent(vin)}`)} data-row-link>
      <Plate plate={plate} newEnergy={newEnergy} />
    </Link>
  )
}

/** A plate as it looks: green for new energy. */
export function Plate({ plate, newEnergy = false }: { plate: string; newEnergy?: boolean }) {
  return <span className={newEnergy ? 'plate plate-new' : 'plate'}>{plate}</span>
}
