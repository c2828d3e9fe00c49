import { Select } from 'antd'
import { AUDIT_ACTIONS, type AuditAction, OUTCOMES } from '../../../../server/audit/actions.ts'
import { RangeChoice } from '../../components/choices.tsx'
import { type Chip, chipOf, chipsOf, FilterBar, ManyChoice } from '../../components/FilterBar.tsx'
import { SearchField } from '../../components/SearchField.tsx'
import { type TextKey, useText } from '../../i18n/index.ts'

/** The names of the filters, in the address as in the API. */
export const FILTERS = ['q', 'actor', 'action', 'outcome', 'from', 'to', 'target'] as const
type Name = (typeof FILTERS)[number]
type Values = Record<Name, string>
type Change = (changes: Partial<Record<Name, string | undefined>>, options?: { replace?: boolean }) => void

/** Under which heading an action is found. */
const GROUPS: [heading: TextKey, holds: RegExp][] = [
  ['audit.groupExport', /\.(export|read|template|errors-file|file|document)$/],
  ['audit.groupAccess', /^(setup|session|password|link|me|token|account|settings)\./],
  ['audit.groupLedger', /^(change|attachment|operator)\./],
  ['audit.groupLists', /^(import|dispute|report)\./],
  ['audit.groupSystem', /./],
]

const headingOf = (action: AuditAction): TextKey | undefined =>
  GROUPS.find(([, holds]) => holds.test(action))?.[0]

/** The filters of the audit log. */
export function AuditFilters(props: { values: Values; set: Change; clear: () => void }) {
  const { values, set, clear } = props
  const { t, label } = useText()
  return (
    <FilterBar
      search={
        <SearchField
          value={values.q}
          onChange={(q) => set({ q }, { replace: true })}
          label={t('audit.search')}
          testId="audit-search"
        />
      }
      chips={useChips(values, set)}
      onClear={clear}
    >
      <SearchField
        value={values.actor}
        onChange={(actor) => set({ actor }, { replace: true })}
        label={`${t('audit.who')}: ${t('audit.whoHint')}`}
        testId="audit-who"
        second
      />
      <ManyChoice
        label={t('audit.action')}
        value={values.action}
        options={GROUPS.map(([heading]) => ({
          label: t(heading),
          title: heading,
          options: AUDIT_ACTIONS.filter((action) => headingOf(action) === heading).map((value) => ({
            value,
            label: label('auditAction', value),
          })),
        }))}
        onChange={(action) => set({ action })}
        testId="filter-action"
      />
      <Select
        allowClear
        value={values.outcome || undefined}
        onChange={(outcome) => set({ outcome })}
        placeholder={t('audit.outcome')}
        aria-label={t('audit.outcome')}
        options={OUTCOMES.map((value) => ({ value, label: label('auditOutcome', value) }))}
        data-testid="filter-outcome"
      />
      <RangeChoice values={values} onChange={set} label={t('audit.period')} />
    </FilterBar>
  )
}

function useChips(values: Values, set: Change): Chip[] {
  const { t, label } = useText()
  const one = chipOf(values, set)
  return [
    ...one('q', t('audit.target')),
    ...one('target', t('audit.target'), (value) => value.split(':').slice(1).join(':') || value),
    ...one('actor', t('audit.who')),
    ...chipsOf(
      'action',
      t('audit.action'),
      values.action,
      (value) => label('auditAction', value),
      (action) => set({ action }),
    ),
    ...one('outcome', t('audit.outcome'), (value) => label('auditOutcome', value)),
    ...one('from', t('audit.period'), (date) => t('filters.since', { date })),
    ...one('to', t('audit.period'), (date) => t('filters.until', { date })),
  ]
}
