import { LogoutOutlined, SettingOutlined, UserOutlined } from '@ant-design/icons'
import { Button, Popover } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router-dom'
import { useText } from '../i18n/index.ts'
import { LanguageChoice } from './LanguageChoice.tsx'
import { useMe } from './session.tsx'
import { useSignOut } from './useSignOut.ts'
import { useUpdateMe } from './useUpdateMe.ts'

/** Who is signed in: language, one's own account, sign out. */
export function AccountMenu({ compact = false }: { compact?: boolean }) {
  const me = useMe()
  const { t } = useText()
  const [open, setOpen] = useState(false)
  return (
    <Popover
      trigger="click"
      open={open}
      onOpenChange={setOpen}
      placement={compact ? 'bottomRight' : 'topLeft'}
      content={<AccountPanel onLeave={() => setOpen(false)} />}
    >
      <button
        type="button"
        className="who"
        aria-label={t('account.menu')}
        aria-expanded={open}
        data-testid="account-menu"
      >
        <span className="who-mark" aria-hidden>
          {compact ? <UserOutlined /> : Array.from(me.name)[0]}
        </span>
        {!compact && (
          <span className="who-text">
            <b>{me.name}</b>
            <small>{me.operatorName ?? me.countyName ?? t(`role.${me.role}`)}</small>
          </span>
        )}
      </button>
    </Popover>
  )
}

function AccountPanel({ onLeave }: { onLeave: () => void }) {
  const me = useMe()
  const { t, language } = useText()
  const navigate = useNavigate()
  const { chooseLanguage } = useUpdateMe()
  const signOut = useSignOut()
  const openAccount = () => {
    onLeave()
    navigate('/me')
  }
  return (
    <div className="account">
      <div className="account-mail">
        <b>{me.name}</b>
        <div>{me.email}</div>
      </div>
      <div className="account-row">
        <span>{t('account.language')}</span>
        <LanguageChoice value={language} onChange={chooseLanguage} />
      </div>
      <Button block icon={<SettingOutlined />} onClick={openAccount} data-testid="my-account">
        {t('me.open')}
      </Button>
      <Button block icon={<LogoutOutlined />} onClick={signOut} data-testid="sign-out">
        {t('account.signOut')}
      </Button>
    </div>
  )
}
