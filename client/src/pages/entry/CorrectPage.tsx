import { useQuery } from '@tanstack/react-query'
import { App } from 'antd'
import { useEffect, useMemo, useState } from 'react'
import { Link, useNavigate, useParams } from 'react-router-dom'
import type { ChangeView } from '../../../../server/changes/schema.ts'
import { queries } from '../../api/queries.ts'
import { useMe } from '../../app/session.tsx'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { Panel } from '../../components/states.tsx'
import { instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { Differences } from './Differences.tsx'
import { draftOf } from './draft.ts'
import { EffectPanel } from './EffectPanel.tsx'
import { EntryFields } from './EntryFields.tsx'
import { TextField } from './fields/TextField.tsx'
import { KindChooser } from './KindChooser.tsx'
import { onFormKey } from './keys.ts'
import { LeaveGuard } from './LeaveGuard.tsx'
import { draftKey, useDraft } from './useDraft.ts'
import { EntryContext, type EntryTarget, useEntryForm, type WithEffects } from './useEntryForm.ts'
import { useSave } from './useSave.ts'
import './entry.css'

/** Puts a recorded entry right: the form filled in with it; saving voids it and records what the form says. */
export default function CorrectPage() {
  const { id = '' } = useParams()
  const { t } = useText()
  const figures = useQuery(queries.compliance({}))
  const entry = useQuery(queries.change(id))
  const vin = entry.data?.vehicle.vin
  return (
    <Page
      title={t('entry.correctTitle')}
      lead={entry.data && <Lead change={entry.data} />}
      back={
        vin
          ? { to: `/vehicles/${encodeURIComponent(vin)}`, text: entry.data?.vehicle.plate ?? vin }
          : { to: '/changes', text: t('changes.title') }
      }
    >
      <Resource query={entry}>
        {(change) =>
          change.voidedAt === null ? (
            <Resource query={figures}>{({ asOf }) => <Correct change={change} today={asOf} />}</Resource>
          ) : (
            <AlreadyVoided change={change} />
          )
        }
      </Resource>
    </Page>
  )
}

function Lead({ change }: { change: ChangeView }) {
  const { t, label } = useText()
  return (
    <>
      {change.on} {label('kind', change.kind)} {change.vehicle.plate} ·{' '}
      {t('vehicle.recorded', { name: change.recordedBy.name, at: instant(change.recordedAt) })}
    </>
  )
}

function AlreadyVoided({ change }: { change: ChangeView }) {
  const { t } = useText()
  return (
    <Panel
      title={t('entry.alreadyVoided')}
      hint={change.voidReason ?? undefined}
      actions={
        <Link
          to={`/vehicles/${encodeURIComponent(change.vehicle.vin)}#change-${change.correctedBy ?? change.id}`}
        >
          {t('entry.seeVehicle')}
        </Link>
      }
    />
  )
}

function Correct({ change, today }: { change: ChangeView; today: string }) {
  const { t } = useText()
  const me = useMe()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const initial = useMemo(() => draftOf(change), [change])
  const store = useDraft(draftKey(me.id, `correct:${change.id}`), initial)
  const target = useMemo(
    (): EntryTarget => ({
      path: `/changes/${change.id}/correct`,
      request: (body, reason) => ({ reason, change: body }),
      correcting: true,
    }),
    [change.id],
  )
  const form = useEntryForm(store, target, today)
  const [recorded, setRecorded] = useState<WithEffects | null>(null)
  const { save, saving } = useSave(form, (entry) => {
    store.reset(initial)
    setRecorded(entry)
  })
  useEffect(() => {
    // Once the form is as before, leaving it asks nothing; and the way back leads past it.
    if (!recorded) return
    message.success(t('entry.corrected'))
    const { id, vehicle } = recorded
    navigate(`/vehicles/${encodeURIComponent(vehicle.vin)}#change-${id}`, { replace: true })
  }, [recorded, message, navigate, t])
  return (
    <EntryContext value={form}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: takes the keys of the fields within */}
      <div className="entering" onKeyDown={(event) => onFormKey(event, { save })}>
        <KindChooser kind={store.draft.kind} onChange={(kind) => store.set({ kind })} />
        <div className="entry-main">
          <section className="card" aria-label={t('entry.correctTitle')}>
            <EntryFields key={store.round} />
          </section>
          <EffectPanel saving={saving} saveText={t('entry.saveCorrection')} onSave={save}>
            <p className="hint">{t('entry.correctHint')}</p>
            <Differences change={change} before={initial} />
            <TextField name="why" rows={2} maxLength={500} placeholder={t('entry.whyPlaceholder')} />
          </EffectPanel>
        </div>
      </div>
      <LeaveGuard dirty={store.dirty} onDiscard={() => store.reset(initial)} />
    </EntryContext>
  )
}
