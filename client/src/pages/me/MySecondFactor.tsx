import { SafetyCertificateOutlined } from '@ant-design/icons'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import type { RecoveryCodes as Codes } from '../../api/security.ts'
import { useMe } from '../../app/session.tsx'
import { Tag } from '../../components/Tag.tsx'
import { useText } from '../../i18n/index.ts'
import { PasswordModal } from './PasswordModal.tsx'
import { RecoveryCodes } from './RecoveryCodes.tsx'
import { SecondFactorSetup } from './SecondFactorSetup.tsx'

/** Whether signing in asks for a second step; to turn it on and off, and to take new recovery codes. */
export function MySecondFactor() {
  const { t } = useText()
  const me = useMe()
  const client = useQueryClient()
  const { message } = App.useApp()
  const [setting, setSetting] = useState(false)
  if (setting)
    return (
      <div className="card me-card">
        <SecondFactorSetup
          onCancel={() => setSetting(false)}
          onDone={() => {
            setSetting(false)
            message.success(t('twoStep.enabled'))
            void client.invalidateQueries({ queryKey: ['me'] })
          }}
        />
      </div>
    )
  return (
    <div className="card me-card">
      <div className="card-head">
        <h2>{t('me.secondFactor')}</h2>
        <Tag tone={me.secondFactor ? 'good' : 'plain'} testId="second-factor-state">
          {t(me.secondFactor ? 'twoStep.on' : 'twoStep.off')}
        </Tag>
      </div>
      <p>{t('twoStep.lead')}</p>
      {me.secondFactor ? (
        <Manage />
      ) : (
        <>
          <p className="hint">{t('twoStep.apps')}</p>
          <Button
            type="primary"
            size="large"
            icon={<SafetyCertificateOutlined />}
            onClick={() => setSetting(true)}
            data-testid="enable-second-factor"
          >
            {t('twoStep.enable')}
          </Button>
        </>
      )}
    </div>
  )
}

/** New recovery codes, and turning it off. */
function Manage() {
  const { t } = useText()
  const client = useQueryClient()
  const { message } = App.useApp()
  const [asking, setAsking] = useState<'renew' | 'remove' | null>(null)
  const renew = useMutation({
    mutationFn: (password: string) => api.post<Codes>('/me/second-factor/recovery-codes', { password }),
    onSuccess: () => setAsking(null),
  })
  const remove = useMutation({
    mutationFn: (password: string) => api.post('/me/second-factor/remove', { password }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['me'] })
      message.success(t('twoStep.removed'))
    },
  })
  const close = () => {
    setAsking(null)
    renew.reset()
    remove.reset()
  }
  if (renew.data) return <RecoveryCodes codes={renew.data.recoveryCodes} onKept={renew.reset} />
  return (
    <>
      <p className="hint">{t('twoStep.renewLead')}</p>
      <div className="me-actions">
        <Button onClick={() => setAsking('renew')} data-testid="renew-codes">
          {t('twoStep.renew')}
        </Button>
        <Button danger onClick={() => setAsking('remove')} data-testid="remove-second-factor">
          {t('twoStep.remove')}
        </Button>
      </div>
      <PasswordModal
        open={asking === 'renew'}
        title={t('twoStep.renewTitle')}
        hint={t('twoStep.renewHint')}
        ok={t('twoStep.renew')}
        busy={renew.isPending}
        error={renew.error}
        onCancel={close}
        onPassword={renew.mutate}
      />
      <PasswordModal
        open={asking === 'remove'}
        title={t('twoStep.removeTitle')}
        hint={t('twoStep.removeHint')}
        ok={t('twoStep.remove')}
        danger
        busy={remove.isPending}
        error={remove.error}
        onCancel={close}
        onPassword={remove.mutate}
      />
    </>
  )
}
