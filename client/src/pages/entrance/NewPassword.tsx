import { Form, Input } from 'antd'
import { useEffect, useState } from 'react'
import { useText } from '../../i18n/index.ts'
import { ownWords, passwordJudge, type Strength } from './strength.ts'
import './new-password.css'

interface Person {
  email: string
  name: string
}

/** A password that is chosen, and once more, within a form: fields `password` and `repeat`. */
export function NewPassword(props: {
  /** whose it is, as it should not hold their name; unless told whoever the form's fields name */
  person?: Person
  label?: string
  autoFocus?: boolean
}) {
  const { t } = useText()
  return (
    <>
      {/* So that a password manager knows for whom it keeps the password. */}
      {props.person && (
        <input
          className="visually-hidden"
          type="text"
          autoComplete="username"
          value={props.person.email}
          readOnly
          tabIndex={-1}
          aria-hidden
        />
      )}
      <Form.Item
        name="password"
        label={props.label ?? t('signIn.password')}
        validateTrigger="onBlur"
        extra={<StrengthMeter person={props.person} />}
        rules={[
          { required: true, message: t('signIn.passwordNeeded') },
          { min: 10, message: t('setup.passwordShort') },
        ]}
      >
        <Input.Password
          autoFocus={props.autoFocus ?? false}
          autoComplete="new-password"
          maxLength={200}
          data-testid="new-password"
        />
      </Form.Item>
      <Form.Item
        name="repeat"
        label={t('setup.repeat')}
        dependencies={['password']}
        validateTrigger="onBlur"
        rules={[
          ({ getFieldValue }) => ({
            validator: (_, value) =>
              value === getFieldValue('password')
                ? Promise.resolve()
                : Promise.reject(new Error(t('setup.repeatWrong'))),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" maxLength={200} data-testid="repeat-password" />
      </Form.Item>
    </>
  )
}

/** How hard the password of the form is to guess, and what to do about it. Advice only. */
function StrengthMeter({ person }: { person: Person | undefined }) {
  const { t } = useText()
  const typedEmail: unknown = Form.useWatch('email')
  const typedName: unknown = Form.useWatch('name')
  const password: unknown = Form.useWatch('password')
  const text = typeof password === 'string' ? password : ''
  const [strength, setStrength] = useState<Strength | null>(null)
  const email = person?.email ?? String(typedEmail ?? '')
  const name = person?.name ?? String(typedName ?? '')
  useEffect(() => {
    if (text === '') return setStrength(null)
    let current = true
    const judged = passwordJudge().then(
      (judge) => current && setStrength(judge(text, ownWords({ email, name }))),
    )
    // Without advice a password can be set all the same.
    judged.catch(() => current && setStrength(null))
    return () => {
      current = false
    }
  }, [text, email, name])
  if (strength === null || text === '')
    return <span className="strength-words">{t('setup.passwordHint')}</span>
  const { level, warning } = strength
  return (
    <div className="strength" data-testid="strength" data-level={level}>
      <div className={`strength-bar strength-${level}`} aria-hidden>
        {[1, 2, 3, 4].map((part) => (
          <i key={part} className={part <= Math.max(1, level) ? 'on' : ''} />
        ))}
      </div>
      <div className="strength-words" role="status">
        <b>
          {t('strength.label')} · {t(`strength.level.${level}`)}
        </b>
        {text.length < 10 && <div>{t('setup.passwordHint')}</div>}
        {warning && <div>{t(warning)}</div>}
        {level < 3 && <div>{t('strength.advice')}</div>}
      </div>
    </div>
  )
}
