import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button, Form, Input, Skeleton } from 'antd'
import type { DisputeView } from '../../../../server/disputes/schema.ts'
import { api } from '../../api/client.ts'
import type { DisputeDecided } from '../../api/flow.ts'
import { queries } from '../../api/queries.ts'
import { EffectList, useRuleTitle } from '../../components/EffectList.tsx'
import { useProblemText } from '../../components/problem.ts'
import { useText } from '../../i18n/index.ts'
import { breaks, moved, regains } from '../uploads/effects.ts'

type Decision = 'upheld' | 'denied'

/** What upholding does to the targets, shown first; then the answer and the decision. */
export function DecideDispute({ dispute }: { dispute: DisputeView }) {
  const { t } = useText()
  return (
    <>
      <section className="card" aria-labelledby="effect-title" aria-live="polite">
        <h2 id="effect-title">{t('disputes.effectTitle')}</h2>
        <Foreseen dispute={dispute} />
      </section>
      <Answer dispute={dispute} />
    </>
  )
}

function Foreseen({ dispute }: { dispute: DisputeView }) {
  const { t } = useText()
  const title = useRuleTitle()
  const problem = useProblemText()
  const foreseen = useQuery({
    queryKey: ['disputes', dispute.id, 'foreseen'],
    queryFn: () =>
      api.post<DisputeDecided>(`/disputes/${dispute.id}/decide?dryRun=true`, { decision: 'upheld' }),
    staleTime: 0,
  })
  if (foreseen.isError)
    return (
      <Alert
        type="warning"
        showIcon
        title={problem(foreseen.error)}
        data-testid="foreseen-problem"
        action={
          <Button size="small" onClick={() => foreseen.refetch()}>
            {t('common.retry')}
          </Button>
        }
      />
    )
  if (!foreseen.data)
    return (
      <div aria-busy="true" data-testid="loading">
        <span className="hint">{t('disputes.effectWait')}</span>
        <Skeleton active paragraph={{ rows: 2 }} title={false} />
      </div>
    )
  const effects = moved(foreseen.data.effects)
  if (effects.length === 0)
    return (
      <p className="hint" data-testid="foreseen-none">
        {t('disputes.effectNone')}
      </p>
    )
  return (
    <div data-testid="foreseen">
      <div className="effect-warnings">
        {effects.filter(breaks).map(({ rule }) => (
          <Alert key={rule} type="error" showIcon title={t('import.warnBreached', { title: title(rule) })} />
        ))}
        {effects.filter(regains).map(({ rule }) => (
          <Alert
            key={rule}
            type="success"
            showIcon
            title={t('import.warnRegained', { title: title(rule) })}
          />
        ))}
      </div>
      <EffectList effects={effects} />
    </div>
  )
}

function Answer({ dispute }: { dispute: DisputeView }) {
  const { t } = useText()
  const { message } = App.useApp()
  const problem = useProblemText()
  const client = useQueryClient()
  const [form] = Form.useForm<{ answer: string }>()
  const decide = useMutation({
    mutationFn: (body: { decision: Decision; answer: string }) =>
      api.post<DisputeDecided>(`/disputes/${dispute.id}/decide`, body),
    onSuccess: ({ dispute: now }) => {
      client.setQueryData(queries.dispute(dispute.id).queryKey, now)
      message.success(t(now.status === 'upheld' ? 'disputes.upheldDone' : 'disputes.deniedDone'))
      for (const key of ['ledger', 'attention', 'imports', 'import-rows'])
        void client.invalidateQueries({ queryKey: [key] })
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['disputes'] }),
  })
  const settle = (decision: Decision) =>
    form.validateFields().then(
      ({ answer }) => decide.mutate({ decision, answer: answer.trim() }),
      () => undefined,
    )
  return (
    <section className="card" aria-labelledby="decide-title">
      <h2 id="decide-title">{t('disputes.decide')}</h2>
      {decide.isError && (
        <Alert
          className="standing"
          type="error"
          showIcon
          title={problem(decide.error)}
          data-testid="decide-problem"
        />
      )}
      <Form form={form} layout="vertical" requiredMark={false}>
        <Form.Item
          name="answer"
          label={t('disputes.answer')}
          rules={[{ required: true, whitespace: true, message: t('disputes.answerNeeded') }]}
        >
          <Input.TextArea
            rows={3}
            maxLength={1000}
            showCount
            placeholder={t('disputes.answerPlaceholder')}
            data-testid="dispute-answer"
          />
        </Form.Item>
        <div className="decide-buttons">
          <Button
            type="primary"
            size="large"
            loading={decide.isPending && decide.variables.decision === 'upheld'}
            onClick={() => settle('upheld')}
            data-testid="uphold"
          >
            {t('disputes.uphold')}
          </Button>
          <Button
            size="large"
            danger
            loading={decide.isPending && decide.variables.decision === 'denied'}
            onClick={() => settle('denied')}
            data-testid="deny"
          >
            {t('disputes.deny')}
          </Button>
        </div>
      </Form>
    </section>
  )
}
