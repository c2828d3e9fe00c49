import { MoreOutlined } from '@ant-design/icons'
import { App, Button, Dropdown } from 'antd'
import { useState } from 'react'
import type { ImportView } from '../../../../server/imports/schema.ts'
import { fileAddress } from '../../api/client.ts'
import { useProblemText } from '../../components/problem.ts'
import { ReasonModal } from '../../components/ReasonModal.tsx'
import { testId } from '../../components/testId.ts'
import { count } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { type Act, isWorking, useAct } from './useImport.ts'

/** What the reader may do with a whole list: submit, approve, return, cancel, withdraw; and its files. */
export function Decision({ view }: { view: ImportView }) {
  const { t } = useText()
  const problem = useProblemText()
  const { modal, message } = App.useApp()
  const act = useAct(view.id)
  const [asking, setAsking] = useState<'reject' | 'withdraw' | null>(null)
  const may = (action: ImportView['may'][number]) => view.may.includes(action)
  const { toRecord, toRecordClean, error } = view.counts

  const sure = (
    options: { title: string; hints: string[]; ok: string; id: string; danger?: boolean },
    what: Act,
  ) =>
    modal.confirm({
      title: options.title,
      content: options.hints.map((hint) => <p key={hint}>{hint}</p>),
      okText: options.ok,
      cancelText: what.action === 'cancel' ? t('import.keep') : t('common.cancel'),
      okButtonProps: { ...testId(options.id), danger: options.danger ?? false },
      // The dialog stays until the service has taken it in, so that a refusal is not lost.
      onOk: () => act.mutateAsync(what).catch((fault) => void message.error(problem(fault))),
    })
  const left =
    error > 0 ? [t('import.approveHint', { n: count(error), count: error })] : [t('import.approveHintClean')]
  const approve = (rows: 'all' | 'clean') => {
    const n = rows === 'all' ? toRecord : toRecordClean
    const rest = toRecord - n
    sure(
      {
        title: t('import.approveTitle', { n: count(n), count: n }),
        hints: [...(rest > 0 ? [t('import.approveRest', { n: count(rest), count: rest })] : []), ...left],
        ok: t('import.approve'),
        id: 'approve-confirm',
      },
      { action: 'approve', rows },
    )
  }
  const submit = () =>
    sure(
      {
        title: t('import.submitTitle', { n: count(toRecord), count: toRecord }),
        hints: [
          t('import.submitHint'),
          ...(error > 0 ? [t('import.submitErrors', { n: count(error), count: error })] : []),
        ],
        ok: t('import.submit'),
        id: 'submit-confirm',
      },
      { action: 'submit' },
    )
  const cancel = () =>
    sure(
      {
        title: t('import.cancelTitle'),
        hints: [t('import.cancelHint')],
        ok: t('import.cancelOk'),
        id: 'cancel-confirm',
        danger: true,
      },
      { action: 'cancel' },
    )
  const simply = (what: Act) => act.mutate(what, { onError: (fault) => void message.error(problem(fault)) })
  const withReason = (reason: string) =>
    asking &&
    act.mutate(
      { action: asking, reason },
      {
        onSuccess: () => {
          message.success(t(asking === 'reject' ? 'import.rejected' : 'import.withdrawStarted'))
          setAsking(null)
        },
      },
    )
  const someClean = toRecordClean > 0 && toRecordClean < toRecord
  return (
    <>
      {may('approve') && toRecord > 0 && (
        <>
          {someClean && (
            <Button size="large" onClick={() => approve('clean')} data-testid="approve-clean">
              {t('import.approveClean', { n: count(toRecordClean), count: toRecordClean })}
            </Button>
          )}
          <Button size="large" type="primary" onClick={() => approve('all')} data-testid="approve">
            {t(someClean ? 'import.approveAll' : 'import.approveCount', {
              n: count(toRecord),
              count: toRecord,
            })}
          </Button>
        </>
      )}
      {may('submit') && toRecord > 0 && (
        <Button size="large" type="primary" onClick={submit} data-testid="submit-list">
          {t('import.submitCount', { n: count(toRecord), count: toRecord })}
        </Button>
      )}
      {may('return') && (
        <Button size="large" onClick={() => setAsking('reject')} data-testid="reject">
          {t('import.reject')}
        </Button>
      )}
      {may('cancel') && view.status === 'parsing' && (
        <Button size="large" onClick={cancel} data-testid="cancel-list">
          {t('import.cancelParsing')}
        </Button>
      )}
      {view.status !== 'parsing' && (
        <Dropdown
          trigger={['click']}
          menu={{
            items: [
              ...(may('recheck') && !isWorking(view.status)
                ? [
                    {
                      key: 'recheck',
                      label: <span data-testid="recheck">{t('import.recheck')}</span>,
                      onClick: () => simply({ action: 'recheck' }),
                    },
                  ]
                : []),
              ...(view.counts.total > 0 && view.status !== 'failed'
                ? [
                    {
                      key: 'errors',
                      label: (
                        <a
                          href={fileAddress(`/imports/${view.id}/errors.xlsx`)}
                          download
                          data-testid="errors-file"
                        >
                          {t('import.errorsFile')}
                        </a>
                      ),
                    },
                  ]
                : []),
              {
                key: 'file',
                label: (
                  <a href={fileAddress(`/imports/${view.id}/file`)} download data-testid="original-file">
                    {t('import.originalFile')}
                  </a>
                ),
              },
              ...(may('cancel')
                ? [
                    {
                      key: 'cancel',
                      danger: true,
                      label: <span data-testid="cancel-list">{t('import.cancel')}</span>,
                      onClick: cancel,
                    },
                  ]
                : []),
              ...(may('withdraw')
                ? [
                    {
                      key: 'withdraw',
                      danger: true,
                      label: <span data-testid="withdraw">{t('import.withdraw')}</span>,
                      onClick: () => setAsking('withdraw'),
                    },
                  ]
                : []),
            ],
          }}
        >
          <Button
            size="large"
            icon={<MoreOutlined />}
            aria-label={t('import.more')}
            data-testid="import-more"
          />
        </Dropdown>
      )}
      {(['reject', 'withdraw'] as const).map((what) => (
        <ReasonModal
          key={what}
          open={asking === what}
          title={t(`import.${what}Title`)}
          hint={
            what === 'reject'
              ? t('import.rejectHint')
              : t('import.withdrawHint', { n: count(view.recorded), count: view.recorded })
          }
          label={t(`import.${what}Label`)}
          placeholder={t(`import.${what}Placeholder`)}
          needed={t(`import.${what}Needed`)}
          ok={t(what === 'reject' ? 'import.reject' : 'import.withdrawOk')}
          busy={act.isPending}
          problem={act.isError && act.variables.action === what ? problem(act.error) : undefined}
          onCancel={() => {
            setAsking(null)
            act.reset()
          }}
          onReason={withReason}
        />
      ))}
    </>
  )
}
