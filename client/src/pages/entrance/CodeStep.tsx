import { Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useText } from '../../i18n/index.ts'
import { CodeField, isCode } from './CodeField.tsx'
import { Entrance } from './Entrance.tsx'
import { SignInProblem, useWait } from './SignInProblem.tsx'
import type { SignIn } from './useSignIn.ts'

/** The second step of signing in: a code from the authenticator app, or a recovery code. */
export function CodeStep({ signIn, onOther = signIn.restart }: { signIn: SignIn; onOther?: () => void }) {
  const { t } = useText()
  const [way, setWay] = useState<'app' | 'recovery'>('app')
  const wait = useWait(signIn.error)
  const change = () => {
    setWay(way === 'app' ? 'recovery' : 'app')
    signIn.forgetError()
  }
  return (
    <Entrance
      title={t('entrance.codeTitle')}
      lead={t(way === 'app' ? 'entrance.codeLead' : 'entrance.recoveryLead')}
    >
      <SignInProblem
        error={signIn.error}
        wait={wait}
        {...(way === 'recovery' ? { refused: t('entrance.recoveryWrong') } : {})}
      />
      {way === 'app' ? (
        <AppCode signIn={signIn} waiting={wait > 0} />
      ) : (
        <RecoveryCode signIn={signIn} waiting={wait > 0} />
      )}
      <div className="entrance-more">
        <Button type="link" onClick={change} data-testid="other-way">
          {t(way === 'app' ? 'entrance.useRecovery' : 'entrance.useCode')}
        </Button>
        <Button type="link" onClick={onOther} data-testid="other-account">
          {t('entrance.otherAccount')}
        </Button>
      </div>
      {way === 'recovery' && <p className="hint">{t('entrance.lost')}</p>}
    </Entrance>
  )
}

interface WayProps {
  signIn: SignIn
  waiting: boolean
}

function AppCode({ signIn, waiting }: WayProps) {
  const { t } = useText()
  const [code, setCode] = useState('')
  return (
    <Form layout="vertical" size="large" onFinish={() => isCode(code) && signIn.submitCode(code)}>
      <Form.Item label={t('entrance.code')} htmlFor="sign-in-code">
        <CodeField
          id="sign-in-code"
          value={code}
          onChange={setCode}
          onComplete={(full) => !waiting && signIn.submitCode(full)}
          refused={signIn.error}
        />
      </Form.Item>
      <Verify busy={signIn.busy} disabled={waiting || !isCode(code)} />
    </Form>
  )
}

function RecoveryCode({ signIn, waiting }: WayProps) {
  const { t } = useText()
  return (
    <Form<{ code: string }>
      layout="vertical"
      requiredMark={false}
      size="large"
      onFinish={({ code }) => signIn.submitCode(code.normalize('NFKC').trim())}
    >
      <Form.Item
        name="code"
        label={t('entrance.recovery')}
        rules={[{ required: true, whitespace: true, message: t('entrance.recoveryNeeded') }]}
      >
        <Input
          autoFocus
          className="mono"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={40}
          data-testid="recovery-code"
        />
      </Form.Item>
      <Verify busy={signIn.busy} disabled={waiting} />
    </Form>
  )
}

function Verify({ busy, disabled }: { busy: boolean; disabled: boolean }) {
  const { t } = useText()
  return (
    <Button type="primary" htmlType="submit" block loading={busy} disabled={disabled} data-testid="verify">
      {t('entrance.verify')}
    </Button>
  )
}
