import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { Link } from 'react-router-dom'
import { api } from '../../api/client.ts'
import { useProblemText } from '../../components/problem.ts'
import { Tag } from '../../components/Tag.tsx'
import { VehicleLink } from '../../components/VehicleLink.tsx'
import { useText } from '../../i18n/index.ts'
import type { Draft } from './draft.ts'
import type { Entered, SittingStore } from './useSitting.ts'

/**
 * What was entered in this sitting, each to be taken back right here.
 * @param onUndone told what the form held, to put it right and save it anew
 */
export function Sitting({ sitting, onUndone }: { sitting: SittingStore; onUndone: (draft: Draft) => void }) {
  const { t } = useText()
  const problem = useProblemText()
  const client = useQueryClient()
  const { message } = App.useApp()
  const undoing = useMutation({
    mutationFn: ({ id }: Entered) => api.post(`/changes/${id}/void`, { reason: t('entry.undoReason') }),
    onSuccess: (_answer, { id, draft }) => {
      void client.invalidateQueries({ queryKey: ['ledger'] })
      sitting.undo(id)
      message.success(t('entry.undone'))
      onUndone(draft)
    },
    onError: (error) => void message.error(problem(error), 6),
  })
  const { items } = sitting
  if (items.length === 0) return null
  const standing = items.filter((one) => !one.undone).length
  return (
    <section className="card sitting" aria-labelledby="sitting-title">
      <h2 id="sitting-title">{t('entry.sitting', { n: standing, count: standing })}</h2>
      <ol aria-live="polite" data-testid="sitting">
        {items.map((one, i) => (
          <li key={one.id} className={one.undone ? 'sitting-undone' : ''} data-testid={`entered-${one.id}`}>
            <Line one={one} />
            {one.undone ? (
              <Tag tone="plain">{t('entry.undoneTag')}</Tag>
            ) : (
              <span className="sitting-actions">
                {i === 0 && <Tag tone="good">{t('entry.savedTag')}</Tag>}
                <Link to={`/changes/${one.id}/correct`}>{t('entry.correct')}</Link>
                <Button
                  size="small"
                  loading={undoing.isPending && undoing.variables.id === one.id}
                  onClick={() => undoing.mutate(one)}
                  data-testid={`undo-${one.id}`}
                >
                  {t('entry.undo')}
                </Button>
              </span>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}

function Line({ one }: { one: Entered }) {
  const { label } = useText()
  return (
    <span className="sitting-line">
      <span>{one.on}</span>
      <b>{label('kind', one.kind)}</b>
      {one.retires.map((old) => (
        <VehicleLink key={old.vin} {...old} />
      ))}
      {one.retires.length > 0 && <span aria-hidden>→</span>}
      <VehicleLink {...one.vehicle} />
    </span>
  )
}
