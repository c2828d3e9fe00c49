import { useQuery } from '@tanstack/react-query'
import { DatePicker, Radio, Select } from 'antd'
import dayjs from 'dayjs'
import type { ImportMode } from '../../../../server/imports/schema.ts'
import { queries } from '../../api/queries.ts'
import type { SendOptions } from '../../api/upload.ts'
import { useMe } from '../../app/session.tsx'
import { useText } from '../../i18n/index.ts'

const AUTO = 'auto'
const MODES = [AUTO, 'changes', 'fleet'] as const

/** What is known of the next files beforehand: whose list it is, and of what kind. */
export function SendSettings(props: { options: SendOptions; onChange: (options: SendOptions) => void }) {
  const { options, onChange } = props
  const { t } = useText()
  const me = useMe()
  const operators = useQuery({ ...queries.operators(), enabled: me.operator === null })
  const mode = options.mode ?? AUTO
  return (
    <section className="card send-settings" aria-labelledby="settings-title">
      <h2 id="settings-title">{t('send.settings')}</h2>
      {me.operator === null && (
        <div className="send-setting">
          <label htmlFor="send-operator">{t('send.operator')}</label>
          <Select<string>
            id="send-operator"
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            value={options.operator ?? null}
            placeholder={t('uploads.severalOperators')}
            loading={operators.isPending}
            options={operators.data?.items.map((o) => ({ value: o.id, label: o.name })) ?? []}
            onChange={(operator) => onChange({ ...options, operator: operator ?? undefined })}
            data-testid="send-operator"
          />
          <span className="hint">{t('send.operatorHint')}</span>
        </div>
      )}
      <div className="send-setting">
        <span id="send-mode-label">{t('send.mode')}</span>
        <Radio.Group
          aria-labelledby="send-mode-label"
          optionType="button"
          value={mode}
          onChange={({ target }) =>
            onChange({
              ...options,
              mode: target.value === AUTO ? undefined : (target.value as ImportMode),
              asOf: target.value === 'fleet' ? options.asOf : undefined,
            })
          }
          options={MODES.map((value) => ({ value, label: t(`send.${value}`) }))}
          data-testid="send-mode"
        />
        <span className="hint" data-testid="send-mode-hint">
          {t(`send.${mode}Hint`)}
        </span>
      </div>
      {mode === 'fleet' && (
        <div className="send-setting">
          <label htmlFor="send-as-of">{t('send.asOf')}</label>
          <DatePicker
            id="send-as-of"
            value={options.asOf ? dayjs(options.asOf) : null}
            placeholder={t('common.today')}
            onChange={(day) => onChange({ ...options, asOf: day ? day.format('YYYY-MM-DD') : undefined })}
            data-testid="send-as-of"
          />
          <span className="hint">{t('send.asOfHint')}</span>
        </div>
      )}
    </section>
  )
}
