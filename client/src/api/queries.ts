import { queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import type {
  AssessmentView,
  JobsHealth,
  JobView,
  MailView,
  MailWithContent,
  RunView,
  SchedulePreview,
} from '../../../jobs/schema.ts'
import type { Account, Me, setUpState } from '../../../server/accounts/schema.ts'
import type { AuditEntry } from '../../../server/audit/schema.ts'
import type { ChangeView } from '../../../server/changes/schema.ts'
import type { Breakdown, Compliance, evidence, Trend } from '../../../server/compliance/schema.ts'
import type { DisputeView } from '../../../server/disputes/schema.ts'
import type { Due, DueScenarios, DueVehicle, OldTruckPage } from '../../../server/due/schema.ts'
import type { ImportRowView, ImportView } from '../../../server/imports/schema.ts'
import type { NoticeView } from '../../../server/notices/schema.ts'
import type { OpenData } from '../../../server/open-data/schema.ts'
import type { Operator } from '../../../server/operators/schema.ts'
import type { PolicyView } from '../../../server/policies/schema.ts'
import type {
  DoubtfulChange,
  LateChange,
  OperatorQuality,
  Quality,
  QualityMonths,
} from '../../../server/quality/schema.ts'
import type { MonthlyReporting } from '../../../server/reporting/schema.ts'
import type { ReportItem } from '../../../server/reports/schema.ts'
import type { ScenarioView } from '../../../server/scenarios/schema.ts'
import type { SealView } from '../../../server/seals/schema.ts'
import type {
  Counted,
  Vehicle,
  VehicleSuggestion,
  VehicleWithHistory,
} from '../../../server/vehicles/schema.ts'
import { api, ProblemError, type Query } from './client.ts'
import type { Attention, NoticePage } from './flow.ts'

/** A page of a list. */
export interface Page<T> {
  items: T[]
  nextCursor: string | null
  total?: number | undefined
}

export type Evidence = z.infer<typeof evidence>
export type LatePage = Page<LateChange> & { reportingDays: number }
export type EvidenceItem = Evidence['items'][number]
export interface Region {
  code: string
  name: string
  english: string
}

const get = <T>(key: string, path: string, query: Query = {}) =>
  queryOptions({ queryKey: [key, path, query], queryFn: ({ signal }) => api.get<T>(path, query, signal) })

/** A list that is read page by page, see `useList`. */
export interface List<P> {
  queryKey: readonly unknown[]
  read: (cursor: string | undefined, signal: AbortSignal) => Promise<P>
}

const list = <T, P extends Page<T> = Page<T>>(key: string, path: string, query: Query = {}): List<P> => ({
  queryKey: [key, path, query, 'pages'],
  read: (cursor, signal) => api.get<P>(path, { ...query, cursor }, signal),
})

/**
 * Reads on until there are so many: a page of a past list may hold fewer than asked for, even none, and yet have a next
 * one, as so much of the register is looked through at a time.
 */
const filled = <T>({ queryKey, read }: List<Page<T>>, least: number): List<Page<T>> => ({
  queryKey,
  read: async (cursor, signal) => {
    let page = await read(cursor, signal)
    while (page.items.length < least && page.nextCursor !== null) {
      const next = await read(page.nextCursor, signal)
      page = { ...next, items: [...page.items, ...next.items] }
    }
    return page
  },
})

const LIST_PAGE = 50

/** The set-up of a second factor shows recovery codes once: what would take it from under them is not read meanwhile. */
const unlessSettingUp = ({ state }: { state: { data: Me | null | undefined } }): boolean =>
  state.data?.mustSetUpSecondFactor !== true

/** Everything that the pages read. The first part of a key is what a change invalidates. */
export const queries = {
  setUp: () => get<z.infer<typeof setUpState>>('setup', '/setup'),
  /** null when nobody is signed in */
  me: () =>
    queryOptions({
      queryKey: ['me'],
      queryFn: async ({ signal }): Promise<Me | null> => {
        try {
          return await api.get<Me>('/me', {}, signal)
        } catch (error) {
          if (error instanceof ProblemError && error.status === 401) return null
          throw error
        }
      },
      staleTime: 60_000,
      refetchOnWindowFocus: unlessSettingUp,
      refetchOnReconnect: unlessSettingUp,
    }),
  regions: () => ({
    ...get<{ items: Region[]; city: { code: string; name: { zh: string; en: string }; plates: string } }>(
      'regions',
      '/regions',
    ),
    staleTime: Number.POSITIVE_INFINITY,
  }),
  policy: () => get<PolicyView>('policy', '/policy'),
  due: (query: Query) => get<Due>('ledger', '/due', query),
  dueVehicles: (query: Query) => list<DueVehicle>('ledger', '/due/vehicles', { limit: LIST_PAGE, ...query }),
  oldTrucks: (query: Query) =>
    list<DueVehicle, OldTruckPage>('ledger', '/due/old-trucks', { limit: LIST_PAGE, ...query }),
  dueScenarios: (query: Query) => get<DueScenarios>('ledger', '/due/scenarios', query),
  scenarios: () => list<ScenarioView>('scenarios', '/scenarios', { limit: LIST_PAGE }),
  scenario: (id: string) => get<ScenarioView>('scenarios', `/scenarios/${encodeURIComponent(id)}`),
  scenarioRecipients: () =>
    get<{ items: { id: string; name: string; role: string; county: string | null }[] }>(
      'scenarios',
      '/scenarios/recipients',
    ),
  operators: () => ({
    ...get<Page<Operator>>('operators', '/operators', { limit: 200 }),
    staleTime: 300_000,
  }),
  compliance: (query: Query) => get<Compliance>('ledger', '/compliance', query),
  breakdown: (rule: string, query: Query) => get<Breakdown>('ledger', `/compliance/${rule}/breakdown`, query),
  trend: (rule: string, query: Query) => get<Trend>('ledger', `/compliance/${rule}/trend`, query),
  evidence: (rule: string, query: Query) =>
    list<EvidenceItem, Evidence>('ledger', `/compliance/${rule}/evidence`, { limit: 200, ...query }),
  vehicles: (query: Query) =>
    filled(list<Vehicle>('ledger', '/vehicles', { limit: LIST_PAGE, ...query }), LIST_PAGE),
  suggest: (query: Query) => get<{ items: VehicleSuggestion[] }>('ledger', '/vehicles/suggest', query),
  vehicle: (id: string, past: Query = {}) =>
    get<VehicleWithHistory>('ledger', `/vehicles/${encodeURIComponent(id)}`, past),
  /** how many a list of the ledger holds, asked apart so that the list need not wait for it */
  count: (path: string, query: Query) => get<Counted>('ledger', `${path}/count`, query),
  change: (id: string) => get<ChangeView>('ledger', `/changes/${id}`),
  changes: (query: Query) => list<ChangeView>('ledger', '/changes', { limit: 50, ...query }),
  imports: (query: Query = {}) => list<ImportView>('imports', '/imports', { limit: 30, ...query }),
  attention: () => ({
    ...get<Attention>('attention', '/imports/attention'),
    staleTime: 5_000,
    refetchInterval: 30_000,
  }),
  notices: () => list<NoticeView, NoticePage>('notices', '/notices', { limit: 30 }),
  reporting: (month: string) => get<MonthlyReporting>('reporting', '/reporting', { month }),
  quality: (query: Query) => list<OperatorQuality, Quality>('ledger', '/quality', { limit: 50, ...query }),
  qualityMonths: (query: Query) => get<QualityMonths>('ledger', '/quality/months', query),
  lateChanges: (query: Query) =>
    list<LateChange, LatePage>('ledger', '/quality/late', { limit: 50, ...query }),
  doubtfulChanges: (query: Query) =>
    list<DoubtfulChange>('ledger', '/quality/warnings', { limit: 50, ...query }),
  missingFacts: (query: Query) => list<Vehicle>('ledger', '/quality/missing', { limit: 50, ...query }),
  openData: (language: string) => get<OpenData>('ledger', '/open-data', { language }),
  disputes: (query: Query) => list<DisputeView>('disputes', '/disputes', { limit: 30, ...query }),
  dispute: (id: string) => get<DisputeView>('disputes', `/disputes/${id}`),
  import: (id: string) => get<ImportView>('imports', `/imports/${id}`),
  importRows: (id: string, query: Query) =>
    list<ImportRowView>('import-rows', `/imports/${id}/rows`, { limit: 200, ...query }),
  reports: () => get<Page<ReportItem>>('assessments', '/reports', { limit: 1 }),
  assessments: () => list<AssessmentView>('assessments', '/assessments', { limit: 30 }),
  jobs: () => get<{ items: JobView[] }>('jobs', '/jobs'),
  jobRuns: (name: string) => list<RunView>('jobs', `/jobs/${name}/runs`, { limit: 50 }),
  jobsHealth: () => get<JobsHealth>('jobs', '/jobs/health'),
  schedulePreview: (cron: string) => get<SchedulePreview>('schedule-preview', '/jobs/preview', { cron }),
  mails: (query: Query) => list<MailView>('outbox', '/outbox', { limit: 50, ...query }),
  mail: (id: string) => get<MailWithContent>('outbox', `/outbox/${id}`),
  audit: (query: Query) => list<AuditEntry>('audit', '/audit', { limit: 50, ...query }),
  seals: () => list<SealView>('seals', '/seals', { limit: 50 }),
  accounts: () => get<Page<Account>>('accounts', '/accounts', { limit: 200 }),
}
