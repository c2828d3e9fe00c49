import { PlusOutlined, UndoOutlined } from '@ant-design/icons'
import { App, Button, Dropdown, Segmented } from 'antd'
import { useState } from 'react'
import type { Rule } from '../../../../server/domain/policy.ts'
import type { StepKind } from '../../../../server/domain/scenario.ts'
import type { Category } from '../../../../server/domain/vocabulary.ts'
import type { ScenarioView } from '../../../../server/scenarios/schema.ts'
import { ProblemError } from '../../api/client.ts'
import { useCan, useMe } from '../../app/session.tsx'
import { useProblemText } from '../../components/problem.ts'
import { Resource } from '../../components/Resource.tsx'
import { Panel } from '../../components/states.tsx'
import { testId } from '../../components/testId.ts'
import { DRAWER_WIDTH, useNarrow } from '../../components/useNarrow.ts'
import { useText } from '../../i18n/index.ts'
import { LeaveGuard } from '../entry/LeaveGuard.tsx'
import { type Draft, type DraftStep, draftOf, newStep, reachOf, samePlan, startDraft } from './draft.ts'
import { OutcomePanel, OutcomeStrip } from './OutcomePanel.tsx'
import { canSave, SaveBar, type Saving } from './SaveBar.tsx'
import { StepCard } from './StepCard.tsx'
import { useDraft, useKeys } from './useDraft.ts'
import { usePreview } from './usePreview.ts'
import { useScenarioWords } from './useScenarioWords.ts'

const KINDS: readonly { kind: StepKind; category: Category }[] = [
  { kind: 'replaced', category: 'cruising-taxi' },
  { kind: 'retired', category: 'truck' },
  { kind: 'added', category: 'truck' },
  { kind: 'battery-swap', category: 'bus' },
]

/** Moving the numbers, and what comes of it at once. */
export function Workbench({
  rules,
  kept,
  onOpen,
}: {
  rules: readonly Rule[]
  /** the scenario that is open; none for a new one */
  kept: ScenarioView | undefined
  onOpen: (id: string | undefined) => void
}) {
  const { t } = useText()
  const { message } = App.useApp()
  const can = useCan()
  const me = useMe()
  const county = kept?.county ?? me.county
  const narrow = useNarrow(DRAWER_WIDTH)
  const [start] = useState<Draft>(() => (kept ? draftOf(kept.inputs) : startDraft(rules)))
  const { draft, set, undo, canUndo } = useDraft(start)
  const { query, waiting } = usePreview(draft, kept)
  const words = useScenarioWords(kept?.operators)
  const [saving, setSaving] = useState<Saving | null>(null)
  const dirty = !samePlan(draft, start)
  const save = () => {
    if (saving === null && canSave(kept, dirty)) setSaving('changes')
  }
  useKeys({ undo, save: can('scenario.write') ? save : undefined })
  const change = (key: string) => (changes: Partial<DraftStep>) =>
    set(
      (d) => ({ ...d, steps: d.steps.map((s) => (s.key === key ? { ...s, ...changes } : s)) }),
      `${key} ${Object.keys(changes).join(' ')}`,
    )
  const remove = (key: string) => (title: string) => {
    set((d) => ({ ...d, steps: d.steps.filter((s) => s.key !== key) }))
    message.info({
      key,
      content: (
        <>
          {t('whatIf.removed', { step: title })}
          <Button
            type="link"
            onClick={() => {
              undo()
              message.destroy(key)
            }}
          >
            {t('whatIf.undo')}
          </Button>
        </>
      ),
    })
  }
  const add = ({ kind, category }: (typeof KINDS)[number]) =>
    set((d) => ({ ...d, steps: [...d.steps, newStep(kind, category, rules)] }))
  const reset = () => set((d) => ({ ...d, steps: d.steps.map((s) => ({ ...s, amount: 0 })) }))
  if (query.error instanceof ProblemError && query.error.code === 'scenario.period-over')
    return <Panel testId="empty" title={t('whatIf.over')} hint={t('whatIf.overHint')} />
  const { basis, rules: standing = [], steps: views = [] } = query.data ?? {}
  return (
    <div className="scenario-bench">
      <LeaveGuard dirty={dirty} onDiscard={() => undefined} />
      {narrow && query.data && <OutcomeStrip result={query.data} waiting={waiting} />}
      <div className="scenario-steps">
        <div className="scenario-tools">
          <h2>{t('whatIf.steps')}</h2>
          <span className="hint">{t('whatIf.stepsHint')}</span>
          <Button
            size="small"
            icon={<UndoOutlined />}
            disabled={!canUndo}
            onClick={undo}
            {...testId('scenario-undo')}
          >
            {t('whatIf.undo')}
          </Button>
          <Button size="small" onClick={reset} {...testId('scenario-reset')}>
            {t('whatIf.reset')}
          </Button>
        </div>
        {draft.steps.map((s, i) => (
          <StepCard
            key={s.key}
            step={s}
            rules={rules}
            comesTo={waiting && views.length !== draft.steps.length ? undefined : views[i]}
            reach={reachOf(s, rules, standing, basis?.months ?? 0)}
            set={change(s.key)}
            onRemove={remove(s.key)}
            county={county}
          />
        ))}
        <Dropdown
          trigger={['click']}
          menu={{
            items: KINDS.map(({ kind }) => ({ key: kind, label: t(`whatIf.addKind.${kind}`) })),
            onClick: ({ key }) => {
              const chosen = KINDS.find(({ kind }) => kind === key)
              if (chosen) add(chosen)
            },
          }}
        >
          <Button icon={<PlusOutlined />} {...testId('scenario-add')}>
            {t('whatIf.add')}
          </Button>
        </Dropdown>
      </div>
      <div className="scenario-side">
        <Others value={draft.others} onChange={(others) => set((d) => ({ ...d, others }))} />
        <Invalid error={query.data ? query.error : null} />
        <Resource query={query}>
          {(result) => (
            <OutcomePanel result={result} words={words} waiting={waiting} county={county}>
              <SaveBar
                draft={draft}
                dirty={dirty}
                kept={kept}
                basis={result.basis}
                saving={saving}
                setSaving={setSaving}
                onOpen={onOpen}
              />
            </OutcomePanel>
          )}
        </Resource>
      </div>
    </div>
  )
}

/** What comes beside the steps. */
function Others({
  value,
  onChange,
}: {
  value: Draft['others']
  onChange: (others: Draft['others']) => void
}) {
  const { t } = useText()
  return (
    <div className="scenario-beside">
      <span id="scenario-others">{t('whatIf.others')}</span>
      <Segmented
        value={value}
        onChange={onChange}
        aria-labelledby="scenario-others"
        data-testid="scenario-beside"
        options={[
          { value: 'nothing' as const, label: t('whatIf.othersNothing') },
          { value: 'pace' as const, label: t('whatIf.othersPace') },
        ]}
      />
      <small className="hint">{t(`whatIf.othersHint.${value}`)}</small>
    </div>
  )
}

/** Why the numbers on the page are not those of what is set. */
function Invalid({ error }: { error: unknown }) {
  const problem = useProblemText()
  if (!error) return null
  return (
    <p className="scenario-warning" role="alert">
      {problem(error)}
    </p>
  )
}
