import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Form, Input } from 'antd'
import { useText } from '../../i18n/index.ts'

/** Whom to call about an operator's lists. */
export function Contacts() {
  const { t } = useText()
  return (
    <Form.Item label={t('operators.contacts')}>
      <Form.List name="contacts">
        {(fields, { add, remove }) => (
          <div className="contacts">
            {fields.map(({ key, name }) => (
              <div key={key} className="contact">
                <Form.Item
                  name={[name, 'name']}
                  noStyle
                  rules={[{ required: true, whitespace: true, message: t('setup.nameNeeded') }]}
                >
                  <Input
                    maxLength={80}
                    placeholder={t('operators.contactName')}
                    aria-label={t('operators.contactName')}
                    data-testid={`contact-name-${name}`}
                  />
                </Form.Item>
                <Form.Item name={[name, 'phone']} noStyle>
                  <Input
                    maxLength={40}
                    inputMode="tel"
                    placeholder={t('operators.contactPhone')}
                    aria-label={t('operators.contactPhone')}
                    data-testid={`contact-phone-${name}`}
                  />
                </Form.Item>
                <Form.Item
                  name={[name, 'email']}
                  noStyle
                  rules={[{ pattern: /^\s*(\S+@\S+\.\S+)?\s*$/, message: t('signIn.emailForm') }]}
                >
                  <Input
                    maxLength={254}
                    inputMode="email"
                    placeholder={t('operators.contactEmail')}
                    aria-label={t('operators.contactEmail')}
                  />
                </Form.Item>
                <Button
                  type="text"
                  icon={<DeleteOutlined />}
                  aria-label={t('operators.removeContact')}
                  onClick={() => remove(name)}
                />
              </div>
            ))}
            <Button
              size="small"
              icon={<PlusOutlined />}
              onClick={() => add({ name: '' })}
              data-testid="add-contact"
            >
              {t('operators.addContact')}
            </Button>
          </div>
        )}
      </Form.List>
    </Form.Item>
  )
}
