import { MAIL_TOPICS, type RecipientView, SOURCES } from '../../../../server/subscriptions/schema.ts'
import { holdsWords, InstantFilters } from '../../components/InstantFilters.tsx'
import type { useAddress } from '../../components/useAddress.ts'
import { useText } from '../../i18n/index.ts'

type Filter = 'q' | 'topic' | 'source'

/** Narrows the list of recipients. */
export function RecipientFilters(filters: ReturnType<typeof useAddress<Filter>>) {
  const { t } = useText()
  return (
    <InstantFilters
      {...filters}
      search={{ label: t('recipients.search'), testId: 'recipient-search' }}
      choices={[
        {
          name: 'topic',
          label: t('recipients.gets'),
          all: t('recipients.allTopics'),
          options: MAIL_TOPICS.map((value) => ({ value, label: t(`mailing.topic.${value}`) })),
        },
        {
          name: 'source',
          label: t('recipients.source'),
          all: t('recipients.allSources'),
          options: SOURCES.map((value) => ({ value, label: t(`recipients.sources.${value}`) })),
        },
      ]}
    />
  )
}

/** The recipients that the filters leave: every word of `q` is in the name, the address or the scope. */
export function matching(
  recipients: readonly RecipientView[],
  { q, topic, source }: Record<Filter, string>,
  scope: (recipient: RecipientView) => string,
): RecipientView[] {
  return recipients.filter(
    (one) =>
      (!source || one.source === source) &&
      (!topic || one.topics.some((name) => name === topic)) &&
      holdsWords(q, [one.name, one.email, scope(one)]),
  )
}
