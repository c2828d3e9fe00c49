import { Link } from 'react-router-dom'

/** A plate that leads to its vehicle. */
export function VehicleLink({
  vin,
  plate,
  newEnergy = false,
}: {
  vin: string
  plate: string
  newEnergy?: boolean
}) {
  return (
    <Link to={`/vehicles/${encodeURIComponent(vin)}`}>
      <Plate plate={plate} newEnergy={newEnergy} />
    </Link>
  )
}

/** A plate as it looks: green for new energy. */
export function Plate({ plate, newEnergy = false }: { plate: string; newEnergy?: boolean }) {
  return <span className={newEnergy ? 'plate plate-new' : 'plate'}>{plate}</span>
}
