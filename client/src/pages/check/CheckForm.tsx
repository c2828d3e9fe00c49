import { Button, Form, Input } from 'antd'
import { useNavigate } from 'react-router-dom'
import { address } from '../../api/client.ts'
import { useText } from '../../i18n/index.ts'

/** A code as it is asked for, of what somebody typed from a paper. */
const plain = (typed: string): string => typed.normalize('NFKC').replace(/\s/g, '').toLowerCase()

/** Asks for what stands on the paper, and leads to what comes of it. */
export function CheckForm(props: { number: string; code?: string }) {
  const { t } = useText()
  const navigate = useNavigate()
  return (
    <Form<{ number: string; code: string }>
      layout="vertical"
      requiredMark={false}
      size="large"
      className="card check-form"
      initialValues={{ number: props.number, code: props.code ?? '' }}
      onFinish={({ number, code }) =>
        navigate(address(`/check/${encodeURIComponent(number.trim())}`, { code: plain(code) }))
      }
    >
      <Form.Item
        name="number"
        label={t('paperCheck.number')}
        extra={t('paperCheck.numberHint')}
        rules={[{ required: true, whitespace: true, message: t('paperCheck.needNumber') }]}
      >
        <Input autoComplete="off" maxLength={60} data-testid="check-number" />
      </Form.Item>
      <Form.Item
        name="code"
        label={t('paperCheck.code')}
        extra={t('paperCheck.codeHint')}
        rules={[
          {
            validator: (_, typed: string) =>
              /^([0-9a-f]{20}|[0-9a-f]{64})$/.test(plain(typed ?? ''))
                ? Promise.resolve()
                : Promise.reject(new Error(t('paperCheck.needCode'))),
          },
        ]}
      >
        <Input autoComplete="off" spellCheck={false} maxLength={90} data-testid="check-code" />
      </Form.Item>
      <Button type="primary" htmlType="submit" block data-testid="check-submit">
        {t('paperCheck.submit')}
      </Button>
    </Form>
  )
}
