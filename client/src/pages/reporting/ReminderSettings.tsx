import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Form, InputNumber, Modal, Select } from 'antd'
import { dueDateOf, escalationDayOf, stepsOf } from '../../../../server/domain/reminder-steps.ts'
import type { ReminderSettings as Settings } from '../../../../server/reporting/reminder-schema.ts'
import { alertQueries } from '../../api/alerts.ts'
import { api } from '../../api/client.ts'
import { useCountyOptions, useOperatorOptions } from '../../components/choices.tsx'
import { useProblemText } from '../../components/problem.ts'
import { testId } from '../../components/testId.ts'
import { instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { useMonthName } from './useMonthName.ts'

interface Fields {
  dueDay: number
  steps: number[]
  escalateAfter: number
  counties: string[]
  operators: string[]
}

const STEPS = [
  ...Array.from({ length: 28 }, (_, i) => i - 28),
  ...Array.from({ length: 13 }, (_, i) => i + 1),
]
const MOST = 8

/** When lists are due, when operators are reminded, and who is left in peace. */
export function ReminderSettings(props: { month: string; open: boolean; onClose: () => void }) {
  const { month, open, onClose } = props
  const { t } = useText()
  const [form] = Form.useForm<Fields>()
  const query = useQuery({ ...alertQueries.reminderSettings(), enabled: open })
  const client = useQueryClient()
  const problem = useProblemText()
  const { message } = App.useApp()
  const save = useMutation({
    mutationFn: ({ counties, operators, ...plan }: Fields) =>
      api.patch<Settings>('/reporting/settings', { ...plan, paused: { counties, operators } }),
    onSuccess: (settings) => {
      client.setQueryData(alertQueries.reminderSettings().queryKey, settings)
      message.success(t('common.saved'))
      onClose()
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['reporting'] }),
  })
  return (
    <Modal
      open={open}
      title={t('remind.settings')}
      okText={t('common.save')}
      cancelText={t('common.cancel')}
      okButtonProps={{ loading: save.isPending, disabled: !query.data, ...testId('reminders-save') }}
      onOk={() => form.submit()}
      onCancel={onClose}
      afterClose={() => save.reset()}
      destroyOnHidden
    >
      <p className="hint modal-hint">{t('remind.settingsHint')}</p>
      {save.isError && <Alert className="modal-hint" type="error" showIcon title={problem(save.error)} />}
      {query.isError && <Alert className="modal-hint" type="error" showIcon title={problem(query.error)} />}
      {query.data && (
        <Form<Fields>
          form={form}
          layout="vertical"
          requiredMark={false}
          initialValues={fieldsOf(query.data)}
          onFinish={(fields) => save.mutate(fields)}
        >
          <PlanFields />
          <PausedFields />
          <Preview month={month} />
          {query.data.updated && (
            <p className="hint">
              {t('remind.updated', {
                name: query.data.updated.by,
                at: instant(query.data.updated.at),
              })}
            </p>
          )}
        </Form>
      )}
    </Modal>
  )
}

const fieldsOf = ({ dueDay, steps, escalateAfter, paused }: Settings): Fields => ({
  ...{ dueDay, steps, escalateAfter, ...paused },
})

function PlanFields() {
  const { t } = useText()
  const stepName = (n: number) =>
    t(n < 0 ? 'remind.before' : 'remind.after', { n: Math.abs(n), count: Math.abs(n) })
  return (
    <>
      <Form.Item name="dueDay" label={t('remind.dueDay')} rules={[{ required: true }]}>
        <InputNumber min={1} max={28} precision={0} suffix={t('remind.dueDayUnit')} data-testid="due-day" />
      </Form.Item>
      <Form.Item
        name="steps"
        label={t('remind.steps')}
        extra={t('remind.stepsHint')}
        rules={[{ required: true }]}
      >
        <Select
          mode="multiple"
          maxCount={MOST}
          showSearch={{ optionFilterProp: 'label' }}
          options={STEPS.map((value) => ({ value, label: stepName(value) }))}
          data-testid="reminder-steps"
        />
      </Form.Item>
      <Form.Item name="escalateAfter" label={t('remind.escalateAfter')} rules={[{ required: true }]}>
        <InputNumber min={2} max={14} precision={0} suffix={t('remind.days')} data-testid="escalate-after" />
      </Form.Item>
    </>
  )
}

function PausedFields() {
  const { t } = useText()
  const counties = useCountyOptions()
  const operators = useOperatorOptions()
  return (
    <>
      <Form.Item name="counties" label={t('remind.pausedCounties')}>
        <Select
          mode="multiple"
          allowClear
          options={counties}
          showSearch={{ optionFilterProp: 'label' }}
          data-testid="paused-counties"
        />
      </Form.Item>
      <Form.Item name="operators" label={t('remind.pausedOperators')}>
        <Select
          mode="multiple"
          allowClear
          options={operators}
          showSearch={{ optionFilterProp: 'label' }}
          data-testid="paused-operators"
        />
      </Form.Item>
    </>
  )
}

/** What the settings come to for a month. */
function Preview({ month }: { month: string }) {
  const { t } = useText()
  const monthName = useMonthName()
  const { dueDay, steps, escalateAfter } = (Form.useWatch([]) ?? {}) as Partial<Fields>
  if (!dueDay || !steps || !escalateAfter) return null
  const plan = { dueDay, steps, escalateAfter }
  const days = stepsOf(month, plan)
    .filter((step) => step.kind === 'remind')
    .map((step) => step.on)
  return (
    <p className="hint" data-testid="reminders-preview">
      {t('remind.preview', {
        ...{ month: monthName(month), due: dueDateOf(month, plan), escalate: escalationDayOf(month, plan) },
        steps: days.join(t('remind.listJoin')),
      })}
    </p>
  )
}
