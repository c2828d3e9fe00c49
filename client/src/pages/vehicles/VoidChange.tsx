import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import type { z } from 'zod'
import type { ChangeView, changeWithEffects } from '../../../../server/changes/schema.ts'
import { api } from '../../api/client.ts'
import { EffectList } from '../../components/EffectList.tsx'
import { useProblemText } from '../../components/problem.ts'
import { ReasonModal } from '../../components/ReasonModal.tsx'
import { useText } from '../../i18n/index.ts'

/** Withdraws an entry, with a reason, and shows what that did to the figures. */
export function VoidChange({ change, onClose }: { change: ChangeView | null; onClose: () => void }) {
  const { t, label } = useText()
  const problem = useProblemText()
  const client = useQueryClient()
  const { modal, message } = App.useApp()
  const voiding = useMutation({
    mutationFn: ({ id, reason }: { id: string; reason: string }) =>
      api.post<Partial<z.infer<typeof changeWithEffects>>>(`/changes/${id}/void`, { reason }),
    onSuccess: (answer) => {
      void client.invalidateQueries({ queryKey: ['ledger'] })
      onClose()
      if (!answer.effects || answer.effects.length === 0) message.success(t('vehicle.voidDone'))
      else
        modal.success({
          title: t('vehicle.voidDone'),
          width: 640,
          content: <EffectList effects={answer.effects} />,
          okText: t('common.close'),
        })
    },
  })
  return (
    <ReasonModal
      open={change !== null}
      title={t('vehicle.voidTitle')}
      hint={
        change &&
        `${change.on} ${label('kind', change.kind)} ${change.vehicle.plate} — ${t('vehicle.voidHint')}`
      }
      label={t('vehicle.voidLabel')}
      placeholder={t('vehicle.voidPlaceholder')}
      needed={t('vehicle.voidNeeded')}
      ok={t('vehicle.void')}
      busy={voiding.isPending}
      problem={voiding.isError ? problem(voiding.error) : undefined}
      onCancel={() => {
        voiding.reset()
        onClose()
      }}
      onReason={(reason) => change && voiding.mutate({ id: change.id, reason })}
    />
  )
}
