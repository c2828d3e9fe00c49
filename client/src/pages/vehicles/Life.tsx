import { Button, Timeline } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { Link, useLocation } from 'react-router-dom'
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
import { Batteries } from './Batteries.tsx'
import { AddFile, EntryFiles } from './EntryFiles.tsx'
import { EntryLink, entryHash } from './EntryLink.tsx'
import { VoidChange } from './VoidChange.tsx'
import './life.css'

/** A vehicle's life: every entry that touched it, oldest first, voided ones struck through with the reason. */
export function Life({ vehicle }: { vehicle: VehicleWithHistory }) {
  const can = useCan()
  const { t } = useText()
  const { hash } = useLocation()
  const [voiding, setVoiding] = useState<ChangeView | null>(null)
  useEffect(() => {
    document.getElementById(hash.slice(1))?.scrollIntoView({ block: 'center' })
  }, [hash])
  const writes = can('change.write')
  return (
    <>
      <Timeline
        className="life"
        items={vehicle.history.map((change) => ({
          key: change.id,
          color: change.voidedAt ? 'gray' : 'green',
          content: (
            <Entry
              change={change}
              vin={vehicle.vin}
              history={vehicle.history}
              marked={hash === entryHash(change.id)}
            >
              {writes && !change.voidedAt && (
                <span className="entry-actions">
                  <Link to={`/changes/${change.id}/correct`} data-testid={`correct-${change.id}`}>
                    {t('entry.correct')}
                  </Link>
                  <Button size="small" onClick={() => setVoiding(change)} data-testid={`void-${change.id}`}>
                    {t('vehicle.void')}
                  </Button>
                  <AddFile change={change} />
                </span>
              )}
            </Entry>
          ),
        }))}
      />
      <VoidChange change={voiding} onClose={() => setVoiding(null)} />
    </>
  )
}

interface EntryProps {
  change: ChangeView
  vin: string
  history: readonly ChangeView[]
  /** the address leads to this very entry */
  marked: boolean
  children: ReactNode
}

function Entry({ change, vin, history, marked, children }: EntryProps) {
  const { t, label } = useText()
  const own = change.vehicle.vin === vin
  const voided = change.voidedAt !== null
  const looks = ['entry', ...(voided ? ['entry-voided'] : []), ...(marked ? ['entry-marked'] : [])]
  return (
    <div className={looks.join(' ')} id={`change-${change.id}`} data-testid={`change-${change.id}`}>
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
      {change.batteries && <Batteries batteries={change.batteries} />}
      {change.breachReason && (
        <div className="entry-breach-said">{t('entry.breachSaid', { reason: change.breachReason })}</div>
      )}
      <EntryFiles change={change} />
      <div className="hint">
        {t('vehicle.recorded', { name: change.recordedBy.name, at: instant(change.recordedAt) })}
        {change.reportedAt && ` · ${t('vehicle.reported', { at: instant(change.reportedAt) })}`}
        {' · '}
        <SourceLink change={change} />
        {change.corrects && (
          <>
            {' · '}← {t('entry.corrects')} <EntryLink id={change.corrects} history={history} />
          </>
        )}
      </div>
      {voided && (
        <div className="entry-void">
          {t('vehicle.voidedBy', { name: change.voidedBy?.name ?? '—', at: instant(change.voidedAt) })}
          {change.voidReason && <div>{t('vehicle.voidReason', { reason: change.voidReason })}</div>}
          {change.correctedBy && (
            <div>
              → {t('entry.correctedBy')} <EntryLink id={change.correctedBy} history={history} />
            </div>
          )}
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
