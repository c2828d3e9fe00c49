import { FileAddOutlined } from '@ant-design/icons'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button, DatePicker, Form, Modal, Segmented } from 'antd'
import type { Dayjs } from 'dayjs'
import { useState } from 'react'
import { useNavigate } from 'react-router-dom'
import { REPORT_KINDS, type ReportKind, type ReportView } from '../../../../server/reports/schema.ts'
import { api } from '../../api/client.ts'
import { useProblemText } from '../../components/problem.ts'
import { testId } from '../../components/testId.ts'
import { useText } from '../../i18n/index.ts'
import { isoWeekOf, lastDayOf } from './week.ts'

const PICKER = { weekly: 'week', monthly: 'month', quarterly: 'quarter' } as const

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
  const { message } = App.useApp()
  const client = useQueryClient()
  const navigate = useNavigate()
  const problem = useProblemText()
  const [kind, setKind] = useState<ReportKind>(first)
  const [day, setDay] = useState<Dayjs | null>(null)
  const order = useMutation({
    mutationFn: (period: string) => api.post<ReportView>('/reports', { kind, period }),
    onSuccess: async ({ id }) => {
      message.success(t('reports.ordered'))
      await client.invalidateQueries({ queryKey: ['reports'] })
      navigate(`/reports/${id}`)
    },
  })
  const choose = (next: ReportKind) => {
    setKind(next)
    setDay(null)
    order.reset()
  }
  return (
    <Modal
      open
      title={t('reports.orderTitle')}
      okText={t('reports.orderOk')}
      cancelText={t('common.cancel')}
      okButtonProps={{ disabled: day === null, loading: order.isPending, ...testId('order-ok') }}
      onOk={() => day && order.mutate(periodOf(kind, day))}
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
          <DatePicker
            key={kind}
            id="order-period"
            picker={PICKER[kind]}
            value={day}
            onChange={setDay}
            // Only what is over.
            disabledDate={(date) => !lastDayOf(kind, date).isBefore(new Date(), 'day')}
            className="report-order-period"
            data-testid="order-period"
          />
        </Form.Item>
      </Form>
      {order.error && (
        <Alert type="error" showIcon title={problem(order.error)} data-testid="order-problem" />
      )}
    </Modal>
  )
}

/** A period's name, as the service writes it. */
function periodOf(kind: ReportKind, day: Dayjs): string {
  if (kind === 'weekly') return isoWeekOf(day)
  if (kind === 'monthly') return day.format('YYYY-MM')
  return `${day.year()}-Q${Math.floor(day.month() / 3) + 1}`
}
