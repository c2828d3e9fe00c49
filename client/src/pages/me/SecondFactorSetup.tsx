import { useMutation } from '@tanstack/react-query'
import { Button, Form, QRCode } from 'antd'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import type { RecoveryCodes as Codes, NewAuthenticator } from '../../api/security.ts'
import { CopyText } from '../../components/CopyText.tsx'
import { CARDS_WIDTH, useNarrow } from '../../components/useNarrow.ts'
import { useText } from '../../i18n/index.ts'
import { CodeField, isCode } from '../entrance/CodeField.tsx'
import { SignInProblem, useWait } from '../entrance/SignInProblem.tsx'
import { CurrentPassword } from './CurrentPassword.tsx'
import { RecoveryCodes } from './RecoveryCodes.tsx'
import './me.css'

/** Sets up the second factor: password, QR code, first code, recovery codes. */
export function SecondFactorSetup(props: { onCancel?: () => void; onDone: () => void }) {
  const [pending, setPending] = useState<NewAuthenticator | null>(null)
  const [codes, setCodes] = useState<string[] | null>(null)
  if (codes) return <RecoveryCodes codes={codes} onKept={props.onDone} />
  if (pending) return <Scan pending={pending} onCancel={props.onCancel} onCodes={setCodes} />
  return <Identify onCancel={props.onCancel} onPending={setPending} />
}

function Identify(props: { onCancel: (() => void) | undefined; onPending: (p: NewAuthenticator) => void }) {
  const { t } = useText()
  const begin = useMutation({
    mutationFn: (password: string) => api.post<NewAuthenticator>('/me/second-factor', { password }),
    onSuccess: props.onPending,
  })
  const wait = useWait(begin.error)
  return (
    <>
      <p>{t('twoStep.confirmPassword')}</p>
      <SignInProblem error={begin.error} wait={wait} />
      <Form<{ password: string }>
        layout="vertical"
        requiredMark={false}
        onFinish={({ password }) => begin.mutate(password)}
      >
        <CurrentPassword name="password" testId="confirm-password" autoFocus />
        <div className="me-actions">
          <Button
            type="primary"
            htmlType="submit"
            loading={begin.isPending}
            disabled={wait > 0}
            data-testid="second-factor-next"
          >
            {t('twoStep.next')}
          </Button>
          {props.onCancel && <Button onClick={props.onCancel}>{t('common.cancel')}</Button>}
        </div>
      </Form>
    </>
  )
}

/** A key in groups of four, as one types it. */
const grouped = (secret: string): string => secret.replace(/(.{4})(?=.)/g, '$1 ')

function Scan(props: {
  pending: NewAuthenticator
  onCancel: (() => void) | undefined
  onCodes: (codes: string[]) => void
}) {
  const { t } = useText()
  const { uri, secret } = props.pending
  const phone = useNarrow(CARDS_WIDTH)
  const [code, setCode] = useState('')
  const confirm = useMutation({
    mutationFn: (given: string) => api.post<Codes>('/me/second-factor/confirm', { code: given }),
    onSuccess: ({ recoveryCodes }) => props.onCodes(recoveryCodes),
  })
  const wait = useWait(confirm.error)
  return (
    <div className="factor">
      <section>
        <h3>{t('twoStep.scanTitle')}</h3>
        {phone && (
          <Button href={uri} className="factor-open" block>
            {t('twoStep.openApp')}
          </Button>
        )}
        <div className="factor-scan">
          <div role="img" aria-label={t('twoStep.qr')} data-testid="second-factor-qr">
            <QRCode value={uri} type="svg" size={188} bordered={false} color="#16302f" bgColor="#ffffff" />
          </div>
          <div className="factor-secret">
            <p className="hint">{t('twoStep.scanHint')}</p>
            <CopyText text={secret} testId="second-factor-secret">
              {grouped(secret)}
            </CopyText>
          </div>
        </div>
      </section>
      <section>
        <h3>{t('twoStep.enterTitle')}</h3>
        <SignInProblem error={confirm.error} wait={wait} />
        <Form layout="vertical" onFinish={() => isCode(code) && confirm.mutate(code)}>
          <Form.Item>
            <CodeField
              value={code}
              onChange={setCode}
              onComplete={(full) => wait === 0 && !confirm.isPending && confirm.mutate(full)}
              refused={confirm.error}
            />
          </Form.Item>
          <div className="me-actions">
            <Button
              type="primary"
              htmlType="submit"
              disabled={!isCode(code) || wait > 0}
              loading={confirm.isPending}
              data-testid="second-factor-confirm"
            >
              {t('twoStep.confirm')}
            </Button>
            {props.onCancel && <Button onClick={props.onCancel}>{t('common.cancel')}</Button>}
          </div>
        </Form>
      </section>
    </div>
  )
}
