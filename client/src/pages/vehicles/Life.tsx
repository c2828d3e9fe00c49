import { Button, Timeline } from 'antd'
import { type ReactNode, useState } from 'react'
import type { ChangeView } from '../../../../server/changes/schema.ts'
import { isNewEnergy } from '../../../../server/domain/vocabulary.ts'
import type { VehicleWithHistory } from '../../../../server/vehicles/schema.ts'
import { useCan } from '../../app/session.tsx'
import { useCountyName } from '../../components/choices.tsx'
import { SourceLink } from '../../components/SourceLink.tsx'
import { Tag } from '../../components/Tag.tsx'
import { VehicleLink } from '../../components/VehicleLink.tsx'
import { count, instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { VoidChange } from './VoidChange.tsx'

/** A vehicle's life: every entry that touched it, oldest first, voided ones struck through with the reason. */
export function Life({ vehicle }: { vehicle: VehicleWithHistory }) {
  const can = useCan()
  const { t } = useText()
  const [voiding, setVoiding] = useState<ChangeView | null>(null)
  return (
    <>
      <Timeline
        className="life"
        items={vehicle.history.map((change) => ({
          key: change.id,
          color: change.voidedAt ? 'gray' : 'green',
          content: (
            <Entry change={change} vin={vehicle.vin}>
              {can('change.write') && !change.voidedAt && (
                <Button size="small" onClick={() => setVoiding(change)} data-testid={`void-${change.id}`}>
                  {t('vehicle.void')}
                </Button>
              )}
            </Entry>
          ),
        }))}
      />
      <VoidChange change={voiding} onClose={() => setVoiding(null)} />
    </>
  )
}

function Entry({ change, vin, children }: { change: ChangeView; vin: string; children: ReactNode }) {
  const { t, label } = useText()
  const own = change.vehicle.vin === vin
  const voided = change.voidedAt !== null
  return (
    <div className={voided ? 'entry entry-voided' : 'entry'} data-testid={`change-${change.id}`}>
      <div className="entry-head">
        <span className="entry-what">
          <b>{change.on}</b> {own ? label('kind', change.kind) : label('reason', 'replaced')}
          {change.reason && ` · ${label('reason', change.reason)}`}
        </span>
        {voided && <Tag tone="bad">{t('vehicle.voided')}</Tag>}
        {children}
      </div>
      <div className="entry-facts">
        <Particulars change={change} own={own} vin={vin} />
      </div>
      <div className="hint">
        {t('vehicle.recorded', { name: change.recordedBy.name, at: instant(change.recordedAt) })}
        {change.reportedAt && ` · ${t('vehicle.reported', { at: instant(change.reportedAt) })}`}
        {' · '}
        <SourceLink change={change} />
      </div>
      {voided && (
        <div className="entry-void">
          {t('vehicle.voidedBy', { name: change.voidedBy?.name ?? '—', at: instant(change.voidedAt) })}
          {change.voidReason && <div>{t('vehicle.voidReason', { reason: change.voidReason })}</div>}
        </div>
      )}
    </div>
  )
}

/** What an entry says beside its kind and date. */
function Particulars({ change, own, vin }: { change: ChangeView; own: boolean; vin: string }) {
  const { t } = useText()
  const countyName = useCountyName()
  const { vehicle, retires, packs, certificate, from, note } = change
  const others = retires.filter((old) => old.vin !== vin)
  return (
    <>
      {!own && (
        <span>
          {t('vehicle.replacedBy')}{' '}
          <VehicleLink vin={vehicle.vin} plate={vehicle.plate} newEnergy={isNewEnergy(vehicle.energy)} />
        </span>
      )}
      {own && others.length > 0 && (
        <span>
          {t('vehicle.retires')}{' '}
          {others.map((old) => (
            <VehicleLink key={old.vin} vin={old.vin} plate={old.plate} newEnergy={isNewEnergy(old.energy)} />
          ))}
        </span>
      )}
      {packs !== null && <span>{t('vehicle.packs', { n: count(packs), count: packs })}</span>}
      {certificate && <span>{t('vehicle.certificate', { value: certificate })}</span>}
      {from && <span>{t('vehicle.movedFrom', { from: countyName(from.county) })}</span>}
      {own && (
        <span>
          {change.operatorName} · {countyName(vehicle.county)}
        </span>
      )}
      {note && <span>{note}</span>}
    </>
  )
}
