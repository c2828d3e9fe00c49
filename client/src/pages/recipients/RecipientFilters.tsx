import { SearchOutlined } from '@ant-design/icons'
import { Button, Input, Select } from 'antd'
import { MAIL_TOPICS, type RecipientView, SOURCES } from '../../../../server/subscriptions/schema.ts'
import { useText } from '../../i18n/index.ts'

type Filter = 'q' | 'topic' | 'source'

/** Narrows the list of recipients; lives in the address. */
export function RecipientFilters(props: {
  values: Record<Filter, string>
  set: (changes: Partial<Record<Filter, string | undefined>>, options?: { replace?: boolean }) => void
  clear: () => void
  active: boolean
}) {
  const { t } = useText()
  const { values, set, clear, active } = props
  return (
    <search className="filters">
      <div className="filter-wide" data-search>
        <Input
          allowClear
          prefix={<SearchOutlined />}
          value={values.q}
          maxLength={100}
          placeholder={t('recipients.search')}
          aria-label={t('recipients.search')}
          // Each letter would otherwise be a step to go back by.
          onChange={(event) => set({ q: event.target.value }, { replace: true })}
          data-testid="recipient-search"
        />
      </div>
      <Select
        allowClear
        value={values.topic || undefined}
        onChange={(topic) => set({ topic })}
        placeholder={t('recipients.allTopics')}
        aria-label={t('recipients.gets')}
        options={MAIL_TOPICS.map((value) => ({ value, label: t(`mailing.topic.${value}`) }))}
        data-testid="filter-topic"
      />
      <Select
        allowClear
        value={values.source || undefined}
        onChange={(source) => set({ source })}
        placeholder={t('recipients.allSources')}
        aria-label={t('recipients.source')}
        options={SOURCES.map((value) => ({ value, label: t(`recipients.sources.${value}`) }))}
        data-testid="filter-source"
      />
      {active && (
        <Button type="text" className="filter-auto" onClick={clear}>
          {t('common.clear')}
        </Button>
      )}
    </search>
  )
}

/** The recipients that the filters leave: every word of `q` is in the name, the address or the scope. */
export function matching(
  recipients: readonly RecipientView[],
  values: Record<Filter, string>,
  scope: (recipient: RecipientView) => string,
): RecipientView[] {
  const words = values.q.trim().toLowerCase().split(/\s+/)
  return recipients.filter((one) => {
    if (values.source && one.source !== values.source) return false
    if (values.topic && !one.topics.some((topic) => topic === values.topic)) return false
    const text = [one.name, one.email, scope(one)].join('\n').toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
