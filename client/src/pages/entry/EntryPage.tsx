import { useQuery } from '@tanstack/react-query'
import { Alert, Button } from 'antd'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Kind } from '../../../../server/domain/vocabulary.ts'
import { queries } from '../../api/queries.ts'
import { useCan, useMe } from '../../app/session.tsx'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { Panel } from '../../components/states.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { useText } from '../../i18n/index.ts'
import { type Draft, emptyDraft, fieldsOf, KIND_ORDER, nextDraft } from './draft.ts'
import { EffectPanel } from './EffectPanel.tsx'
import { EntryFields } from './EntryFields.tsx'
import { KindChooser } from './KindChooser.tsx'
import { onFormKey } from './keys.ts'
import { LeaveGuard } from './LeaveGuard.tsx'
import { Sitting } from './Sitting.tsx'
import { draftKey, forgetOthers, useDraft } from './useDraft.ts'
import { EntryContext, type EntryTarget, focusField, useEntryForm } from './useEntryForm.ts'
import { useSave } from './useSave.ts'
import { useSitting } from './useSitting.ts'
import './entry.css'

/** Entering changes, one after another. */
export default function EntryPage() {
  const { t } = useText()
  const can = useCan()
  const figures = useQuery(queries.compliance({}))
  return (
    <Page
      title={t('entry.title')}
      lead={
        <>
          {t('entry.lead')} <span className="entry-keys">{t('entry.keys')}</span>
        </>
      }
      back={{ to: '/changes', text: t('changes.title') }}
    >
      {can('change.write') ? (
        <Resource query={figures}>{({ asOf }) => <Entry today={asOf} />}</Resource>
      ) : (
        <Panel tone="bad" title={t('problem.permission.denied')} testId="error-panel" />
      )}
    </Page>
  )
}

const NEW: EntryTarget = { path: '/changes', request: (change) => change, correcting: false }
const isKind = (text: string): text is Kind => (KIND_ORDER as readonly string[]).includes(text)

function Entry({ today }: { today: string }) {
  const { t } = useText()
  const me = useMe()
  const { values, set: setAddress } = useAddress(['kind', 'plate'])
  const kind = isKind(values.kind) ? values.kind : null
  const empty = useCallback(
    (of: Kind): Draft => ({ ...emptyDraft(of, today), county: me.county ?? '' }),
    [today, me.county],
  )
  const store = useDraft(draftKey(me.id, 'new'), empty(kind ?? 'replaced'))
  const draft = useMemo(() => ({ ...store.draft, kind: kind ?? store.draft.kind }), [store.draft, kind])
  const form = useEntryForm({ ...store, draft }, NEW, today)
  const sitting = useSitting(me.id)
  /** the kind in whose first field the cursor is to be, as soon as it is drawn */
  const [focusOn, focusFirst] = useState<Kind | null>(null)
  useEffect(() => {
    if (focusOn === null || focusOn !== kind) return
    focusField(fieldsOf(focusOn)[0] ?? 'on')
    focusFirst(null)
  }, [focusOn, kind])
  useEffect(() => forgetOthers(me.id), [me.id])
  const choose = useCallback(
    (of: Kind, byKey = false) => {
      setAddress({ kind: of }, { replace: true })
      if (byKey) focusFirst(of)
    },
    [setAddress],
  )
  // A vehicle that the page was opened for is filled in once; after that the form is the officer's.
  const { plate } = values
  const { set, reset, dirty } = store
  const present = store.draft
  const taken = useRef('')
  useEffect(() => {
    if (plate === '' || taken.current === plate) return
    // The address follows later than the form.
    taken.current = plate
    const named = { subject: plate, replaces: [plate] }
    if (dirty) set(named)
    else reset({ ...present, ...named })
    setAddress({ plate: '' }, { replace: true })
  }, [plate, present, dirty, set, reset, setAddress])
  const begun = useRef(false)
  useEffect(() => {
    if (begun.current) return
    begun.current = true
    if (kind) focusFirst(kind)
    else document.querySelector<HTMLElement>('.kinds input')?.focus()
  }, [kind])

  const { save, saving } = useSave(form, (entry) => {
    sitting.add(entry, draft)
    const next = nextDraft(draft, today)
    const { category, operator, county } = next
    store.reset(next, { category, operator, county })
    form.unmark()
    focusFirst(draft.kind)
  })
  const again = (undone: Draft) => {
    if (store.dirty) return
    const next = { ...undone, attachments: [] }
    setAddress({ kind: undone.kind }, { replace: true })
    store.reset(empty(undone.kind))
    store.set(next)
    focusFirst(undone.kind)
  }
  const clear = () => {
    store.reset(empty(draft.kind))
    form.unmark()
    focusFirst(draft.kind)
  }
  return (
    <EntryContext value={form}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: takes the keys of the fields within */}
      <div className="entering" onKeyDown={(event) => kind && onFormKey(event, { save })}>
        <KindChooser kind={kind} onChange={choose} />
        {kind === null ? (
          <p className="hint entry-start">{t('entry.start')}</p>
        ) : (
          <div className="entry-main">
            <section className="card" aria-label={t('entry.title')}>
              {store.restored && store.dirty && (
                <Alert
                  className="entry-restored"
                  type="info"
                  showIcon
                  title={t('entry.restored')}
                  action={
                    <Button size="small" onClick={clear} data-testid="entry-clear">
                      {t('entry.startOver')}
                    </Button>
                  }
                />
              )}
              <EntryFields key={store.round} />
            </section>
            <EffectPanel saving={saving} saveText={t('entry.save')} onSave={save} />
          </div>
        )}
      </div>
      <Sitting sitting={sitting} onUndone={again} />
      <LeaveGuard dirty={store.dirty} onDiscard={() => store.reset(empty(draft.kind))} />
    </EntryContext>
  )
}
