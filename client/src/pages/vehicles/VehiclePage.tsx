import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useParams } from 'react-router-dom'
import type { VehicleWithHistory } from '../../../../server/vehicles/schema.ts'
import { ProblemError } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { Panel } from '../../components/states.tsx'
import { Tag } from '../../components/Tag.tsx'
import { usePast } from '../../components/usePast.ts'
import { useText } from '../../i18n/index.ts'
import { EnterButton } from '../entry/EnterButton.tsx'
import { Chain } from './Chain.tsx'
import { Facts } from './Facts.tsx'
import { Life } from './Life.tsx'
import { Packs } from './Packs.tsx'
import './vehicles.css'

/** One vehicle, today or as it was: what it is, what it replaced and what replaced it, its batteries, its life. */
export default function VehiclePage() {
  const { id = '' } = useParams()
  const { t } = useText()
  const { asOf, knownAt, active, set, carry } = usePast()
  const query = useQuery(queries.vehicle(id, { asOf, knownAt }))
  const vehicle = query.data
  const notThen = active && query.error instanceof ProblemError && query.error.status === 404
  return (
    <Page
      title={t('vehicle.title', { plate: vehicle?.plate ?? '' })}
      back={{ to: carry('/vehicles'), text: t('vehicles.title') }}
      lead={vehicle && <Lead vehicle={vehicle} />}
      actions={vehicle && <EnterButton vin={vehicle.vin} primary={false} />}
      past
    >
      {notThen ? (
        <Panel
          testId="not-then"
          title={t('past.noVehicle')}
          hint={t('past.noVehicleHint')}
          actions={<Button onClick={() => set({})}>{t('past.leave')}</Button>}
        />
      ) : (
        <Resource query={query}>{(data) => <Whole vehicle={data} />}</Resource>
      )}
    </Page>
  )
}

function Whole({ vehicle }: { vehicle: VehicleWithHistory }) {
  const { t } = useText()
  const { hiddenEntries, movedOn } = vehicle
  return (
    <>
      {movedOn !== null && (
        <p className="hidden-entries" data-testid="moved-on">
          {t('hidden.moved', { date: movedOn })}
        </p>
      )}
      <Facts vehicle={vehicle} />
      <Chain vehicle={vehicle} />
      <Packs vehicle={vehicle} />
      <section className="card" aria-labelledby="life-title">
        <h2 id="life-title">{t('vehicle.life')}</h2>
        {hiddenEntries > 0 && (
          <p className="hidden-entries" data-testid="hidden-entries">
            {t('hidden.history', { n: hiddenEntries, count: hiddenEntries })}
          </p>
        )}
        <Life vehicle={vehicle} />
      </section>
    </>
  )
}

function Lead({ vehicle }: { vehicle: VehicleWithHistory }) {
  const { t, label } = useText()
  const moved = vehicle.movedOn !== null
  return (
    <span className="vehicle-lead">
      <Tag tone={vehicle.status === 'active' && !moved ? 'good' : 'plain'} testId="vehicle-status">
        {moved ? t('hidden.movedTag') : label('vehicleStatus', vehicle.status)}
      </Tag>
      <span className="mono">{vehicle.vin}</span>
      <span>
        {label('category', vehicle.category)} · {vehicle.operatorName}
      </span>
    </span>
  )
}
