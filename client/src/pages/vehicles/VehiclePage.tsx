import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useParams } from 'react-router-dom'
import { isNewEnergy } from '../../../../server/domain/vocabulary.ts'
import type { VehicleWithHistory } from '../../../../server/vehicles/schema.ts'
import { queries } from '../../api/queries.ts'
import { emissionText } from '../../components/changeColumns.tsx'
import { useCountyName } from '../../components/choices.tsx'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { Tag } from '../../components/Tag.tsx'
import { Plate, VehicleLink } from '../../components/VehicleLink.tsx'
import { NONE } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { Life } from './Life.tsx'
import './vehicles.css'

/** One vehicle: what it is, its plates, and its life on the ledger. */
export default function VehiclePage() {
  const { id = '' } = useParams()
  const { t } = useText()
  const query = useQuery(queries.vehicle(id))
  const vehicle = query.data
  return (
    <Page
      title={t('vehicle.title', { plate: vehicle?.plate ?? '' })}
      back={{ to: '/vehicles', text: t('vehicles.title') }}
      lead={vehicle && <Lead vehicle={vehicle} />}
    >
      <Resource query={query}>
        {(data) => (
          <>
            <Facts vehicle={data} />
            <section className="card" aria-labelledby="life-title">
              <h2 id="life-title">{t('vehicle.life')}</h2>
              <Life vehicle={data} />
            </section>
          </>
        )}
      </Resource>
    </Page>
  )
}

function Lead({ vehicle }: { vehicle: VehicleWithHistory }) {
  const { label } = useText()
  return (
    <span className="vehicle-lead">
      <Tag tone={vehicle.status === 'active' ? 'good' : 'plain'} testId="vehicle-status">
        {label('vehicleStatus', vehicle.status)}
      </Tag>
      <span className="mono">{vehicle.vin}</span>
      <span>
        {label('category', vehicle.category)} · {vehicle.operatorName}
      </span>
    </span>
  )
}

function Facts({ vehicle }: { vehicle: VehicleWithHistory }) {
  const text = useText()
  const { t, label } = text
  const countyName = useCountyName()
  const exit =
    vehicle.exitedOn &&
    `${vehicle.exitedOn}${vehicle.exitReason ? ` · ${label('reason', vehicle.exitReason)}` : ''}`
  const facts: [string, ReactNode][] = [
    [t('field.category'), label('category', vehicle.category)],
    [
      t('field.energy'),
      <>
        {label('energy', vehicle.energy)}{' '}
        <Tag tone={vehicle.newEnergy ? 'good' : 'plain'}>
          {t(vehicle.newEnergy ? 'newEnergy.yes' : 'newEnergy.no')}
        </Tag>
      </>,
    ],
    [t('field.emission'), emissionText(vehicle, text)],
    [t('field.registeredOn'), vehicle.registeredOn ?? NONE],
    [t('field.operator'), vehicle.operatorName],
    [t('common.county'), countyName(vehicle.county)],
    [t('vehicles.enteredOn'), vehicle.enteredOn],
    [t('vehicles.exitedOn'), exit ?? NONE],
    [
      t('vehicle.plates'),
      <ul key="plates" className="plates">
        {vehicle.plates.map((p) => (
          <li key={`${p.plate} ${p.from}`}>
            <Plate plate={p.plate} newEnergy={vehicle.newEnergy} />{' '}
            <span className="hint">
              {t('vehicle.plateSpan', { from: p.from, to: p.to ?? t('vehicle.now') })}
            </span>
          </li>
        ))}
      </ul>,
    ],
  ]
  if (vehicle.replaces.length > 0)
    facts.push([t('vehicle.replaces'), <OldVehicles key="old" vehicle={vehicle} />])
  if (vehicle.replacedBy)
    facts.push([t('vehicle.replacedBy'), <NewVehicle key="new" vehicle={vehicle} vin={vehicle.replacedBy} />])
  return (
    <section className="card" aria-labelledby="facts-title">
      <h2 id="facts-title">{t('vehicle.facts')}</h2>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

/** The plates of the replaced vehicles stand in the replacement's entry. */
function OldVehicles({ vehicle }: { vehicle: VehicleWithHistory }) {
  const known = new Map(vehicle.history.flatMap((c) => c.retires.map((old) => [old.vin, old.plate] as const)))
  return (
    <ul className="plates">
      {vehicle.replaces.map((vin) => (
        <li key={vin}>
          <VehicleLink vin={vin} plate={known.get(vin) ?? vin} />
        </li>
      ))}
    </ul>
  )
}

function NewVehicle({ vehicle, vin }: { vehicle: VehicleWithHistory; vin: string }) {
  const entry = vehicle.history.find((c) => c.vehicle.vin === vin && c.voidedAt === null)
  return (
    <VehicleLink
      vin={vin}
      plate={entry?.vehicle.plate ?? vin}
      newEnergy={entry !== undefined && isNewEnergy(entry.vehicle.energy)}
    />
  )
}
