import { LogoutOutlined, UserOutlined } from '@ant-design/icons'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Input, Popover, Segmented, Switch } from 'antd'
import { useState } from 'react'
import type { z } from 'zod'
import type { Language, Me, updateMe } from '../../../server/accounts/schema.ts'
import { api } from '../api/client.ts'
import { queries } from '../api/queries.ts'
import { useProblemText } from '../components/problem.ts'
import { changeLanguage, useText } from '../i18n/index.ts'
import { useMe } from './session.tsx'

/** Who is signed in: name, language, weekly mail, sign out. */
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
      content={<AccountPanel />}
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

function AccountPanel() {
  const me = useMe()
  const { t, language } = useText()
  const { message } = App.useApp()
  const client = useQueryClient()
  const problem = useProblemText()
  const [name, setName] = useState(me.name)
  const update = useMutation({
    mutationFn: (change: z.input<typeof updateMe>) => api.patch<Me>('/me', change),
    onSuccess: (now, change) => {
      client.setQueryData(queries.me().queryKey, now)
      if (change.name !== undefined) message.success(t('common.saved'))
      if (change.weeklyReport !== undefined)
        message.success(t(change.weeklyReport ? 'account.weeklyOn' : 'account.weeklyOff'))
      if (change.listMails !== undefined)
        message.success(t(change.listMails ? 'account.listMailsOn' : 'account.listMailsOff'))
    },
    onError: (error) => message.error(problem(error)),
  })
  const signOut = useMutation({
    mutationFn: () => api.delete('/session'),
    // A fresh page: nothing of the account stays, on the screen or in memory.
    onSuccess: () => location.assign('/sign-in'),
    onError: (error) => message.error(problem(error)),
  })
  const choose = (next: Language) => {
    changeLanguage(next)
    update.mutate({ language: next })
  }
  const trimmed = name.trim()
  return (
    <div className="account">
      <div className="account-mail">{me.email}</div>
      <label className="account-row" htmlFor="account-name">
        <span>{t('account.name')}</span>
        <Input
          id="account-name"
          value={name}
          maxLength={80}
          onChange={(e) => setName(e.target.value)}
          onPressEnter={() => trimmed !== '' && trimmed !== me.name && update.mutate({ name: trimmed })}
          suffix={
            trimmed !== '' && trimmed !== me.name ? (
              <Button size="small" type="link" onClick={() => update.mutate({ name: trimmed })}>
                {t('common.save')}
              </Button>
            ) : (
              <span />
            )
          }
        />
      </label>
      <div className="account-row">
        <span>{t('account.language')}</span>
        <LanguageChoice value={language} onChange={choose} />
      </div>
      <div className="account-row">
        <span id="weekly-label">{t('account.weekly')}</span>
        <Switch
          aria-labelledby="weekly-label"
          checked={me.weeklyReport}
          loading={update.isPending}
          onChange={(on) => update.mutate({ weeklyReport: on })}
          data-testid="weekly-report"
        />
      </div>
      <div className="account-row">
        <span id="list-mails-label">{t('account.listMails')}</span>
        <Switch
          aria-labelledby="list-mails-label"
          checked={me.listMails}
          loading={update.isPending}
          onChange={(on) => update.mutate({ listMails: on })}
          data-testid="list-mails"
        />
      </div>
      <Button block icon={<LogoutOutlined />} onClick={() => signOut.mutate()} data-testid="sign-out">
        {t('account.signOut')}
      </Button>
    </div>
  )
}

/** Chooses between the two languages. */
export function LanguageChoice({
  value,
  onChange,
}: {
  value: Language
  onChange: (language: Language) => void
}) {
  const { t } = useText()
  return (
    <Segmented
      value={value}
      onChange={onChange}
      aria-label={t('account.language')}
      data-testid="language"
      options={[
        { value: 'zh-CN', label: t('account.chinese') },
        { value: 'en', label: t('account.english') },
      ]}
    />
  )
}
