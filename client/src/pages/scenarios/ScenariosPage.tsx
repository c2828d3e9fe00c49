import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { queries } from '../../api/queries.ts'
import { useCan } from '../../app/session.tsx'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { Panel } from '../../components/states.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { useText } from '../../i18n/index.ts'
import { Compare } from './Compare.tsx'
import { MOST_COMPARED, SavedList } from './SavedList.tsx'
import { Workbench } from './Workbench.tsx'
import './scenarios.css'

/** What if: moving the numbers, and every target at the period's end; kept, compared, sent. */
export default function ScenariosPage() {
  const { t } = useText()
  const can = useCan()
  const { values, set } = useAddress(['id', 'compare'] as const)
  const compared = values.compare.split(',').filter(Boolean).slice(0, MOST_COMPARED)
  const [chosen, setChosen] = useState<string[]>(compared)
  const open = (id: string | undefined) => set({ id })
  if (!can('scenario.read'))
    return <Panel page tone="bad" title={t('problem.permission.denied')} testId="error-panel" />
  const keys = t('whatIf.keys', { undo: t('whatIf.undoKey'), save: t('whatIf.saveKey') })
  return (
    <Page
      title={t('whatIf.title')}
      lead={
        <>
          {t('whatIf.lead')} <span className="scenario-keys">{keys}</span>
        </>
      }
    >
      {compared.length > 1 && <Compare ids={compared} onClose={() => set({ compare: '' })} />}
      {values.id === '' ? (
        <Bench onOpen={open} />
      ) : (
        <KeptBench key={values.id} id={values.id} onOpen={open} />
      )}
      <SavedList
        open={values.id || undefined}
        chosen={chosen}
        onChoose={setChosen}
        onCompare={() => set({ compare: chosen.join(',') })}
        onDeleted={(id) => {
          setChosen((ids) => ids.filter((one) => one !== id))
          if (id === values.id) open(undefined)
          if (compared.includes(id)) set({ compare: '' })
        }}
      />
    </Page>
  )
}

/** A new scenario, by the rules of now. */
function Bench({ onOpen }: { onOpen: (id: string | undefined) => void }) {
  const policy = useQuery(queries.policy())
  return (
    <Resource query={policy}>
      {({ rules }) => <Workbench rules={rules} kept={undefined} onOpen={onOpen} />}
    </Resource>
  )
}

/** One that is kept. Saved again, it begins anew from what is kept then. */
function KeptBench({ id, onOpen }: { id: string; onOpen: (id: string | undefined) => void }) {
  const { t } = useText()
  const policy = useQuery(queries.policy())
  const scenario = useQuery(queries.scenario(id))
  const gone = scenario.error !== null && scenario.data === undefined
  if (gone || scenario.data?.deleted)
    return (
      <Panel
        testId="empty"
        title={t('whatIf.gone')}
        actions={<Button onClick={() => onOpen(undefined)}>{t('whatIf.leave')}</Button>}
      />
    )
  return (
    <Resource query={policy}>
      {({ rules }) => (
        <Resource query={scenario}>
          {(kept) => (
            <Workbench key={`${kept.id} ${kept.revision}`} rules={rules} kept={kept} onOpen={onOpen} />
          )}
        </Resource>
      )}
    </Resource>
  )
}
