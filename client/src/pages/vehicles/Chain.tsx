import type { ReactNode } from 'react'
import type { ChangeView } from '../../../../server/changes/schema.ts'
import { isNewEnergy } from '../../../../server/domain/vocabulary.ts'
import type { VehicleWithHistory } from '../../../../server/vehicles/schema.ts'
import { Plate, VehicleLink } from '../../components/VehicleLink.tsx'
import { useText } from '../../i18n/index.ts'

type Facts = ChangeView['vehicle']

/** The vehicles that this one replaced, itself, and the one that replaced it, in a row; each leads to its own page. */
export function Chain({ vehicle }: { vehicle: VehicleWithHistory }) {
  const { t } = useText()
  const { vin, plate, history, replaces, replacedBy } = vehicle
  const valid = history.filter((change) => change.voidedAt === null)
  const came = valid.findLast((change) => change.kind === 'replaced' && change.vehicle.vin === vin)
  const went = valid.findLast((change) => change.retires.some((old) => old.vin === vin))
  const factsOf = (other: string): Facts | undefined =>
    [came, went].flatMap((c) => (c ? [c.vehicle, ...c.retires] : [])).find((facts) => facts.vin === other)
  return (
    <section className="card" aria-labelledby="chain-title">
      <h2 id="chain-title">{t('chain.title')}</h2>
      <ol className="chain" data-testid="chain">
        <Link name={t('chain.before')} empty={<Beginning vehicle={vehicle} valid={valid} />}>
          {replaces.map((old) => (
            <Other
              key={old}
              vin={old}
              facts={factsOf(old)}
              kept={factsOf(old)?.plate === came?.vehicle.plate}
            />
          ))}
        </Link>
        <Link name={t('chain.self')} on={came?.on} own>
          <Self vehicle={vehicle} />
        </Link>
        <Link name={t('chain.after')} on={went?.on} empty={<End vehicle={vehicle} />}>
          {replacedBy !== null && (
            <Other vin={replacedBy} facts={factsOf(replacedBy)} kept={factsOf(replacedBy)?.plate === plate} />
          )}
        </Link>
      </ol>
    </section>
  )
}

/** A place in the chain; `on` is the day on which it took over from the one before. */
function Link(props: {
  name: string
  on?: string | undefined
  own?: boolean
  empty?: ReactNode
  children: ReactNode
}) {
  const { name, on, own, empty, children } = props
  const { t } = useText()
  const none = children === false || (Array.isArray(children) && children.length === 0)
  return (
    <li className={own ? 'chain-link chain-own' : 'chain-link'}>
      <span className="chain-name">
        {name}
        {on && !none && <small>{t('chain.on', { date: on })}</small>}
      </span>
      {none ? <span className="hint">{empty}</span> : children}
    </li>
  )
}

function Other({ vin, facts, kept }: { vin: string; facts: Facts | undefined; kept: boolean }) {
  const { t, label } = useText()
  return (
    <div className="chain-vehicle" data-testid={`chain-${vin}`}>
      <span>
        <VehicleLink
          vin={vin}
          plate={facts?.plate ?? vin}
          newEnergy={facts !== undefined && isNewEnergy(facts.energy)}
        />
        {facts && kept && <small className="tag">{t('chain.keptPlate')}</small>}
      </span>
      <span className="hint">
        {facts && `${label('category', facts.category)} · ${label('energy', facts.energy)} · `}
        <span className="mono">…{vin.slice(-6)}</span>
      </span>
    </div>
  )
}

const Self = ({ vehicle }: { vehicle: VehicleWithHistory }) => {
  const { label } = useText()
  return (
    <div className="chain-vehicle">
      <span>
        <Plate plate={vehicle.plate} newEnergy={vehicle.newEnergy} />
      </span>
      <span className="hint">
        {label('category', vehicle.category)} · {label('energy', vehicle.energy)} ·{' '}
        <span className="mono">…{vehicle.vin.slice(-6)}</span>
      </span>
    </div>
  )
}

/** How a vehicle that replaced none came: 存量 or 新增, and when. */
function Beginning({ vehicle, valid }: { vehicle: VehicleWithHistory; valid: readonly ChangeView[] }) {
  const { t, label } = useText()
  const came = valid.find((c) => c.on === vehicle.enteredOn && c.vehicle.vin === vehicle.vin)
  return (
    <>
      {t('chain.first')}
      {came && came.kind !== 'replaced' && (
        <>
          <br />
          {label('kind', came.kind)} · {came.on}
        </>
      )}
    </>
  )
}

/** Why nothing comes after a vehicle: it is in service, or it left for another reason. */
function End({ vehicle }: { vehicle: VehicleWithHistory }) {
  const { t, label } = useText()
  if (vehicle.movedOn !== null) return t('hidden.movedTag')
  if (vehicle.exitedOn === null) return t('chain.last')
  return (
    <>
      {t('chain.left')}
      <br />
      {vehicle.exitReason && `${label('reason', vehicle.exitReason)} · `}
      {vehicle.exitedOn}
    </>
  )
}
