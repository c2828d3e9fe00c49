import dayjs from 'dayjs'
import type { ReactNode } from 'react'
import type { VehicleWithHistory } from '../../../../server/vehicles/schema.ts'
import { emissionText } from '../../components/changeColumns.tsx'
import { today, useCountyName } from '../../components/choices.tsx'
import { Tag } from '../../components/Tag.tsx'
import { usePast } from '../../components/usePast.ts'
import { Plate } from '../../components/VehicleLink.tsx'
import { NONE } from '../../format.ts'
import { useText } from '../../i18n/index.ts'

/** What a vehicle is, today or on the day that is asked for. */
export function Facts({ vehicle }: { vehicle: VehicleWithHistory }) {
  const text = useText()
  const { t, label } = text
  const countyName = useCountyName()
  const { asOf } = usePast()
  const exit =
    vehicle.exitedOn &&
    `${vehicle.exitedOn}${vehicle.exitReason ? ` · ${label('reason', vehicle.exitReason)}` : ''}`
  const years = vehicle.registeredOn && dayjs(asOf || today()).diff(vehicle.registeredOn, 'year')
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
    [
      t('field.registeredOn'),
      <>
        {vehicle.registeredOn ?? NONE}
        {typeof years === 'number' && years >= 0 && vehicle.status === 'active' && (
          <span className="hint">
            {' '}
            · {years === 0 ? t('filters.ageNone') : t('filters.ageIs', { n: years, count: years })}
          </span>
        )}
      </>,
    ],
    [t('field.operator'), vehicle.operatorName],
    [t('common.county'), countyName(vehicle.county)],
    [t('vehicles.enteredOn'), vehicle.enteredOn],
    [t('vehicles.exitedOn'), exit ?? NONE],
    [t('vehicle.plates'), <Plates key="plates" vehicle={vehicle} />],
  ]
  return (
    <section className="card" aria-labelledby="facts-title">
      <h2 id="facts-title">{asOf ? t('past.factsOn', { asOf }) : t('vehicle.facts')}</h2>
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

function Plates({ vehicle }: { vehicle: VehicleWithHistory }) {
  const { t } = useText()
  const { asOf } = usePast()
  return (
    <ul className="plates">
      {vehicle.plates.map((p) => (
        <li key={`${p.plate} ${p.from}`}>
          <Plate plate={p.plate} newEnergy={vehicle.newEnergy} />{' '}
          <span className="hint">
            {t('vehicle.plateSpan', { from: p.from, to: p.to ?? (asOf || t('vehicle.now')) })}
          </span>
        </li>
      ))}
    </ul>
  )
}
