import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Skeleton } from 'antd'
import type { ChangeView } from '../../../../server/changes/schema.ts'
import { api, ProblemError } from '../../api/client.ts'
import { EffectList } from '../../components/EffectList.tsx'
import { useProblemText } from '../../components/problem.ts'
import { ReasonModal } from '../../components/ReasonModal.tsx'
import { useText } from '../../i18n/index.ts'
import { Dependents } from '../entry/Dependents.tsx'
import type { WithEffects } from '../entry/useEntryForm.ts'

/** Withdraws an entry, with a reason; before that it shows what it would do to the figures, or what stands in the way. */
export function VoidChange({ change, onClose }: { change: ChangeView | null; onClose: () => void }) {
  const { t, label } = useText()
  const client = useQueryClient()
  const { message } = App.useApp()
  const trial = useQuery({
    queryKey: ['ledger', 'void-trial', change?.id],
    queryFn: () => api.post<WithEffects>(`/changes/${change?.id}/void?dryRun=true`, { reason: '—' }),
    enabled: change !== null,
    staleTime: 0,
    gcTime: 0,
  })
  const voiding = useMutation({
    mutationFn: ({ id, reason }: { id: string; reason: string }) =>
      api.post<WithEffects>(`/changes/${id}/void`, { reason }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['ledger'] })
      message.success(t('vehicle.voidDone'))
      onClose()
    },
  })
  const error = voiding.error ?? (change && trial.error)
  return (
    <ReasonModal
      open={change !== null}
      title={t('vehicle.voidTitle')}
      hint={
        change &&
        `${change.on} ${label('kind', change.kind)} ${change.vehicle.plate} — ${t('vehicle.voidHint')}`
      }
      extra={
        error ? (
          <Refusal error={error} />
        ) : (
          <div className="void-effects" aria-live="polite">
            {trial.isPending ? (
              <Skeleton active title={false} paragraph={{ rows: 2 }} />
            ) : trial.data?.effects.length ? (
              <>
                <b>{t('vehicle.effects')}</b>
                <EffectList effects={trial.data.effects} />
              </>
            ) : (
              <p className="hint">{t('entry.noEffects')}</p>
            )}
          </div>
        )
      }
      label={t('vehicle.voidLabel')}
      placeholder={t('vehicle.voidPlaceholder')}
      needed={t('vehicle.voidNeeded')}
      ok={t('vehicle.void')}
      blocked={trial.isError}
      busy={voiding.isPending}
      onCancel={() => {
        voiding.reset()
        onClose()
      }}
      onReason={(reason) => change && voiding.mutate({ id: change.id, reason })}
    />
  )
}

/** Why it cannot be withdrawn, with the later entries that rest on it. */
function Refusal({ error }: { error: Error }) {
  const problem = useProblemText()
  const dependents = error instanceof ProblemError && error.code === 'change.has-dependents'
  return (
    <Alert
      className="modal-hint"
      type="error"
      showIcon
      title={problem(dependents ? new ProblemError(error.status, error.code) : error)}
      description={dependents ? <Dependents faults={error.errors} /> : undefined}
      data-testid="void-refused"
    />
  )
}
