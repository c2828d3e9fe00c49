import { FileAddOutlined } from '@ant-design/icons'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button, Form, Modal, Segmented, Select } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router-dom'
import { REPORT_KINDS } from '../../../../server/domain/report-period.ts'
import type { ReportKind, ReportView } from '../../../../server/reports/schema.ts'
import { api } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'
import { useProblemText } from '../../components/problem.ts'
import { testId } from '../../components/testId.ts'
import { useText } from '../../i18n/index.ts'
import { pastPeriods, usePeriodName } from './period.ts'

/** Makes the report on a past period that has none. @param kind chosen at first */
export function OrderReport({ kind }: { kind?: ReportKind }) {
  const { t } = useText()
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button icon={<FileAddOutlined />} onClick={() => setOpen(true)} data-testid="order-report">
        {t('reports.order')}
      </Button>
      {open && <OrderModal first={kind ?? 'monthly'} onClose={() => setOpen(false)} />}
    </>
  )
}

function OrderModal({ first, onClose }: { first: ReportKind; onClose: () => void }) {
  const { t } = useText()
  const problem = useProblemText()
  const [kind, setKind] = useState<ReportKind>(first)
  const [period, setPeriod] = useState<string | null>(null)
  const order = useOrder()
  const choose = (next: ReportKind) => {
    setKind(next)
    setPeriod(null)
    order.reset()
  }
  return (
    <Modal
      open
      title={t('reports.orderTitle')}
      okText={t('reports.orderOk')}
      cancelText={t('common.cancel')}
      okButtonProps={{ disabled: period === null, loading: order.isPending, ...testId('order-ok') }}
      onOk={() => period !== null && order.mutate({ kind, period })}
      onCancel={onClose}
      destroyOnHidden
    >
      <p className="hint report-order-hint">{t('reports.orderHint')}</p>
      <Form layout="vertical">
        <Form.Item label={t('reports.kinds')}>
          <Segmented
            value={kind}
            onChange={choose}
            aria-label={t('reports.kinds')}
            options={REPORT_KINDS.map((value) => ({ value, label: t(`reports.kind.${value}`) }))}
            data-testid="order-kind"
          />
        </Form.Item>
        <Form.Item label={t('reports.orderPeriod')} htmlFor="order-period">
          <PeriodChoice kind={kind} value={period} onChange={setPeriod} />
        </Form.Item>
      </Form>
      {order.error && (
        <Alert type="error" showIcon title={problem(order.error)} data-testid="order-problem" />
      )}
    </Modal>
  )
}

/** Has a report made, and opens it. */
function useOrder() {
  const { t } = useText()
  const { message } = App.useApp()
  const client = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: (wanted: { kind: ReportKind; period: string }) => api.post<ReportView>('/reports', wanted),
    onSuccess: async ({ id }) => {
      message.success(t('reports.ordered'))
      await client.invalidateQueries({ queryKey: ['reports'] })
      navigate(`/reports/${id}`)
    },
  })
}

/** Chooses one of the plan's periods that are over. */
function PeriodChoice(props: { kind: ReportKind; value: string | null; onChange: (period: string) => void }) {
  const { kind, value, onChange } = props
  const periodName = usePeriodName()
  const { data, isPending } = useQuery({ ...queries.compliance({}), staleTime: 300_000 })
  const periods = data ? pastPeriods(kind, data.asOf, data.policy.period.from) : []
  return (
    <Select
      key={kind}
      id="order-period"
      showSearch={{ optionFilterProp: 'label' }}
      loading={isPending}
      value={value}
      onChange={onChange}
      data-testid="order-period"
      options={periods.map(({ name, from, to }) => ({
        value: name,
        label: `${periodName(name)}  ${from} — ${to}`,
      }))}
    />
  )
}
