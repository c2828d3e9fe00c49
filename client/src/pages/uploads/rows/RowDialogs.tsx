import { DatePicker, Form, Input, Modal, Select } from 'antd'
import type { Dayjs } from 'dayjs'
import { REASONS } from '../../../../../server/domain/vocabulary.ts'
import type { ImportRowView } from '../../../../../server/imports/schema.ts'
import { zhCN } from '../../../../../server/wording/index.ts'
import { testId } from '../../../components/testId.ts'
import { useText } from '../../../i18n/index.ts'
import { useFieldOptions } from '../fields.ts'
import type { Cells } from '../useMend.ts'
import { VehicleSelect } from './VehicleSelect.tsx'
import { WORDS } from './words.ts'

interface Props {
  row: ImportRowView
  onCells: (cells: Cells) => void
  onClose: () => void
}

const day = (value: Dayjs | undefined): string => value?.format('YYYY-MM-DD') ?? ''

/** The frame of a question about a row. */
function Ask<T extends object>(props: {
  title: string
  hint?: string
  onClose: () => void
  onFinish: (entered: T) => void
  children: React.ReactNode
}) {
  const { t } = useText()
  const [form] = Form.useForm<T>()
  return (
    <Modal
      open
      title={props.title}
      okText={t('common.confirm')}
      cancelText={t('common.cancel')}
      okButtonProps={testId('row-dialog-ok')}
      onOk={form.submit}
      onCancel={props.onClose}
    >
      {props.hint && <p className="hint modal-hint">{props.hint}</p>}
      <Form<T> form={form} layout="vertical" requiredMark={false} onFinish={props.onFinish}>
        {props.children}
      </Form>
    </Modal>
  )
}

/** Which old vehicles a new one takes the place of, and when. */
export function ReplacedDialog({ row, onCells, onClose }: Props) {
  const { t } = useText()
  return (
    <Ask<{ old: string[]; on?: Dayjs }>
      title={t('fleetRow.replaceTitle')}
      hint={t('fleetRow.replaceHint')}
      onClose={onClose}
      onFinish={({ old, on }) =>
        onCells({
          kind: WORDS.replaced,
          replaces: old.join('、'),
          ...(on ? { on: day(on) } : {}),
        })
      }
    >
      <Form.Item
        name="old"
        label={t('fleetRow.replaceLabel')}
        rules={[{ required: true, message: t('fleetRow.replaceNeeded') }]}
      >
        <VehicleSelect except={row.values.plate ?? ''} />
      </Form.Item>
      <Form.Item name="on" label={t('fleetRow.replaceOn')} extra={t('fleetRow.onHint')}>
        <DatePicker data-testid="replaced-on" />
      </Form.Item>
    </Ask>
  )
}

/** When and how a vehicle that the list does not name left. */
export function RetiredDialog({ row, onCells, onClose }: Props) {
  const { t, label } = useText()
  return (
    <Ask<{ on: Dayjs; reason: (typeof REASONS)[number]; certificate?: string }>
      title={t('fleetRow.retiredTitle', { plate: row.values.plate ?? '' })}
      onClose={onClose}
      onFinish={({ on, reason, certificate }) =>
        onCells({
          ...WORDS.noAnswer,
          kind: WORDS.retired,
          on: day(on),
          reason: zhCN.reason[reason],
          ...(certificate?.trim() ? { certificate: certificate.trim() } : {}),
        })
      }
    >
      <Form.Item
        name="on"
        label={t('fleetRow.retiredOn')}
        rules={[{ required: true, message: t('fleetRow.onNeeded') }]}
      >
        <DatePicker data-testid="retired-on" />
      </Form.Item>
      <Form.Item
        name="reason"
        label={t('fleetRow.retiredHow')}
        rules={[{ required: true, message: t('fleetRow.howNeeded') }]}
      >
        <Select
          options={REASONS.map((value) => ({ value, label: label('reason', value) }))}
          data-testid="retired-how"
        />
      </Form.Item>
      <Form.Item name="certificate" label={t('fleetRow.certificate')} extra={t('fleetRow.certificateHint')}>
        <Input maxLength={100} data-testid="retired-certificate" />
      </Form.Item>
    </Ask>
  )
}

/** To whom a vehicle that the list does not name went. */
export function TransferredDialog({ row, onCells, onClose }: Props) {
  const { t } = useText()
  const options = useFieldOptions()
  const choices = (field: string) => options(field)?.map((o) => ({ value: o.word, label: o.label })) ?? []
  return (
    <Ask<{ on: Dayjs; toOperator?: string; toCounty?: string }>
      title={t('fleetRow.transferredTitle', { plate: row.values.plate ?? '' })}
      onClose={onClose}
      onFinish={({ on, toOperator, toCounty }) =>
        onCells({
          ...WORDS.noAnswer,
          kind: WORDS.transferred,
          on: day(on),
          ...(toOperator ? { toOperator } : {}),
          ...(toCounty ? { toCounty } : {}),
        })
      }
    >
      <Form.Item
        name="on"
        label={t('fleetRow.transferredOn')}
        rules={[{ required: true, message: t('fleetRow.onNeeded') }]}
      >
        <DatePicker data-testid="transferred-on" />
      </Form.Item>
      <Form.Item
        name="toOperator"
        label={t('fleetRow.toOperator')}
        dependencies={['toCounty']}
        rules={[
          ({ getFieldValue }) => ({
            validator: (_, value) =>
              value || getFieldValue('toCounty')
                ? Promise.resolve()
                : Promise.reject(new Error(t('fleetRow.toNeeded'))),
          }),
        ]}
      >
        <Select
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          options={choices('toOperator')}
          data-testid="transferred-operator"
        />
      </Form.Item>
      <Form.Item name="toCounty" label={t('fleetRow.toCounty')}>
        <Select
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          options={choices('toCounty')}
          data-testid="transferred-county"
        />
      </Form.Item>
    </Ask>
  )
}
