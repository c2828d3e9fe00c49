import { Button, Form, Input } from 'antd'
import { LanguageChoice } from '../../app/LanguageChoice.tsx'
import { useMe } from '../../app/session.tsx'
import { useUpdateMe } from '../../app/useUpdateMe.ts'
import { useText } from '../../i18n/index.ts'

/** Name and language; what an administrator has set is shown. */
export function Profile() {
  const { t, language } = useText()
  const me = useMe()
  const { update, chooseLanguage } = useUpdateMe()
  return (
    <div className="card me-card">
      <dl className="facts">
        <div>
          <dt>{t('signIn.email')}</dt>
          <dd>{me.email}</dd>
        </div>
        <div>
          <dt>{t('accounts.role')}</dt>
          <dd>{t(`role.${me.role}`)}</dd>
        </div>
        <div>
          <dt>{t('accounts.scope')}</dt>
          <dd>{me.operatorName ?? me.countyName ?? t('accounts.wholeCity')}</dd>
        </div>
      </dl>
      <p className="hint">{t('me.scopeHint')}</p>
      <Form<{ name: string }>
        layout="vertical"
        requiredMark={false}
        initialValues={{ name: me.name }}
        onFinish={({ name }) => update.mutate({ name: name.trim() })}
      >
        <Form.Item label={t('accounts.name')} htmlFor="name">
          <div className="me-line">
            <Form.Item
              name="name"
              noStyle
              rules={[{ required: true, whitespace: true, message: t('setup.nameNeeded') }]}
            >
              <Input autoComplete="name" maxLength={80} data-testid="my-name" />
            </Form.Item>
            <SaveName saved={me.name} busy={update.isPending} />
          </div>
        </Form.Item>
      </Form>
      <div className="me-setting">
        <span>{t('account.language')}</span>
        <LanguageChoice value={language} onChange={chooseLanguage} />
      </div>
    </div>
  )
}

/** Saves the name of the form, when it is another one. */
function SaveName({ saved, busy }: { saved: string; busy: boolean }) {
  const { t } = useText()
  const typed: unknown = Form.useWatch('name')
  const same = typeof typed !== 'string' || typed.trim() === saved || typed.trim() === ''
  return (
    <Button htmlType="submit" disabled={same} loading={busy} data-testid="save-name">
      {t('common.save')}
    </Button>
  )
}
