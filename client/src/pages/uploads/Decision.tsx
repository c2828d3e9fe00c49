import { App, Button } from 'antd'
import { useState } from 'react'
import type { ImportView } from '../../../../server/imports/schema.ts'
import { useCan } from '../../app/session.tsx'
import { useProblemText } from '../../components/problem.ts'
import { ReasonModal } from '../../components/ReasonModal.tsx'
import { testId } from '../../components/testId.ts'
import { count } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { useDecision } from './useImport.ts'

/** Approving, returning, checking again. */
export function Decision({ view }: { view: ImportView }) {
  const { t } = useText()
  const can = useCan()
  const problem = useProblemText()
  const { modal, message } = App.useApp()
  const decide = useDecision(view.id)
  const [rejecting, setRejecting] = useState(false)
  const fresh = view.counts.new
  const approve = () =>
    modal.confirm({
      title: t('import.approveTitle', { n: count(fresh), count: fresh }),
      content:
        view.counts.error > 0
          ? t('import.approveHint', { n: count(view.counts.error), count: view.counts.error })
          : t('import.approveHintClean'),
      okText: t('import.approve'),
      cancelText: t('common.cancel'),
      okButtonProps: testId('approve-confirm'),
      // The dialog stays until the service has taken it in, so that a refusal is not lost.
      onOk: () =>
        decide.mutateAsync({ action: 'approve' }).catch((error) => void message.error(problem(error))),
    })
  const reject = (reason: string) =>
    decide.mutate(
      { action: 'reject', reason },
      {
        onSuccess: () => {
          setRejecting(false)
          message.success(t('import.rejected'))
        },
      },
    )
  const recheck = () =>
    decide.mutate({ action: 'recheck' }, { onError: (error) => message.error(problem(error)) })
  return (
    <>
      {can('import.send') && (
        <Button size="large" type="text" onClick={recheck} data-testid="recheck">
          {t('import.recheck')}
        </Button>
      )}
      {can('import.decide') && (
        <>
          <Button size="large" onClick={() => setRejecting(true)} data-testid="reject">
            {t('import.reject')}
          </Button>
          {fresh > 0 && (
            <Button size="large" type="primary" onClick={approve} data-testid="approve">
              {t('import.approveCount', { n: count(fresh), count: fresh })}
            </Button>
          )}
        </>
      )}
      <ReasonModal
        open={rejecting}
        title={t('import.rejectTitle')}
        label={t('import.rejectLabel')}
        placeholder={t('import.rejectPlaceholder')}
        needed={t('import.rejectNeeded')}
        ok={t('import.reject')}
        busy={decide.isPending}
        problem={decide.isError ? problem(decide.error) : undefined}
        onCancel={() => setRejecting(false)}
        onReason={reject}
      />
    </>
  )
}
