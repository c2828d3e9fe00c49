import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Checkbox } from 'antd'
import { Link } from 'react-router-dom'
import type { ScenarioView } from '../../../../server/scenarios/schema.ts'
import { api } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'
import { useCountyName } from '../../components/choices.tsx'
import { ListMore } from '../../components/ListMore.tsx'
import { useProblemText } from '../../components/problem.ts'
import { Resource } from '../../components/Resource.tsx'
import { Tag } from '../../components/Tag.tsx'
import { testId } from '../../components/testId.ts'
import { useList } from '../../components/useList.ts'
import { instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'

/** So many stand side by side on a screen. */
export const MOST_COMPARED = 4

/** The scenarios that are kept: to open, to choose for comparing, to delete. */
export function SavedList(props: {
  open: string | undefined
  chosen: readonly string[]
  onChoose: (ids: string[]) => void
  onCompare: () => void
  onDeleted: (id: string) => void
}) {
  const { chosen } = props
  const { t } = useText()
  const { query, items, more } = useList(queries.scenarios())
  const remove = useDelete(props.onDeleted)
  return (
    <section className="scenario-saved" aria-labelledby="scenario-saved">
      <div className="section-head">
        <div>
          <h2 id="scenario-saved">{t('whatIf.list')}</h2>
          <span className="hint">{items.length > 1 && t('whatIf.comparePick')}</span>
        </div>
        {items.length > 1 && (
          <Button disabled={chosen.length < 2} onClick={props.onCompare} {...testId('scenario-compare')}>
            {t('whatIf.compareN', { n: chosen.length })}
          </Button>
        )}
      </div>
      <Resource
        query={query}
        empty={{
          when: (all) => all.length === 0,
          show: (
            <div className="card" data-testid="empty">
              <b>{t('whatIf.listEmpty')}</b>
              <p className="hint">{t('whatIf.listEmptyHint')}</p>
            </div>
          ),
        }}
      >
        {(all) => (
          <div className="card card-flush">
            <ul className="scenario-list" data-testid="scenario-list">
              {all.map((scenario) => (
                <Saved
                  key={scenario.id}
                  scenario={scenario}
                  isOpen={scenario.id === props.open}
                  isChosen={chosen.includes(scenario.id)}
                  isFull={chosen.length >= MOST_COMPARED}
                  choose={(on) =>
                    props.onChoose(on ? [...chosen, scenario.id] : chosen.filter((id) => id !== scenario.id))
                  }
                  onDelete={() => remove(scenario)}
                />
              ))}
            </ul>
            <ListMore shown={all.length} {...more} />
          </div>
        )}
      </Resource>
    </section>
  )
}

function Saved(props: {
  scenario: ScenarioView
  isOpen: boolean
  isChosen: boolean
  isFull: boolean
  choose: (on: boolean) => void
  onDelete: () => void
}) {
  const { scenario, isOpen, isChosen } = props
  const { t } = useText()
  const countyName = useCountyName()
  const targets = scenario.rules.filter((r) => r.target !== null)
  const met = targets.filter((r) => r.end.status === 'met').length
  return (
    <li className={isOpen ? 'is-open' : undefined} data-testid="scenario-saved-item">
      <Checkbox
        checked={isChosen}
        disabled={!isChosen && props.isFull}
        onChange={(event) => props.choose(event.target.checked)}
        aria-label={t('whatIf.compareThis', { name: scenario.name })}
      />
      <div className="scenario-list-name">
        <Link to={`/scenarios?id=${scenario.id}`} aria-current={isOpen ? 'true' : undefined}>
          {scenario.name}
        </Link>
        {scenario.county !== null && (
          <span className="hint" data-testid="scenario-county">
            {countyName(scenario.county)}
          </span>
        )}
        {scenario.note && <span className="hint">{scenario.note}</span>}
      </div>
      {targets.length > 0 && (
        <Tag tone={met === targets.length ? 'good' : 'warn'}>
          {t('whatIf.met', { met, total: targets.length })}
        </Tag>
      )}
      <span className="hint">
        {t('whatIf.asOf', { asOf: scenario.basis.asOf })} ·{' '}
        {t('whatIf.by', { name: scenario.createdBy.name, at: instant(scenario.changedAt) })}
      </span>
      {scenario.editable && (
        <Button size="small" type="text" onClick={props.onDelete} {...testId('scenario-delete')}>
          {t('whatIf.delete')}
        </Button>
      )}
    </li>
  )
}

/** Deletes at once, and offers to bring it back. */
function useDelete(onDeleted: (id: string) => void): (scenario: ScenarioView) => void {
  const { t } = useText()
  const client = useQueryClient()
  const { message } = App.useApp()
  const problem = useProblemText()
  const again = () => client.invalidateQueries({ queryKey: ['scenarios'] })
  const restore = useMutation({
    mutationFn: ({ id }: ScenarioView) => api.post<ScenarioView>(`/scenarios/${id}/restore`),
    onSuccess: async ({ name }) => {
      await again()
      message.success(t('whatIf.restored', { name }))
    },
    onError: (error) => message.error(problem(error)),
  })
  const remove = useMutation({
    mutationFn: ({ id }: ScenarioView) => api.delete(`/scenarios/${id}`),
    onSuccess: async (_, scenario) => {
      onDeleted(scenario.id)
      await again()
      message.info({
        key: scenario.id,
        duration: 8,
        content: (
          <>
            {t('whatIf.deleted', { name: scenario.name })}
            <Button
              type="link"
              onClick={() => {
                message.destroy(scenario.id)
                restore.mutate(scenario)
              }}
              {...testId('scenario-restore')}
            >
              {t('whatIf.restore')}
            </Button>
          </>
        ),
      })
    },
    onError: (error) => message.error(problem(error)),
  })
  return remove.mutate
}
