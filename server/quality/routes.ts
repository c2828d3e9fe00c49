import type { Language } from '../accounts/schema.ts'
import { within } from '../compliance/routes.ts'
import { fileRoutes } from '../exports/file-route.ts'
import { defineRoute, type Route } from '../http/route.ts'
import type { QualityFiles } from './files.ts'
import type { MissingFacts } from './missing.ts'
import {
  doubtfulChanges,
  lateChanges,
  missingFacts,
  missingFilter,
  missingQuery,
  monthsQuery,
  quality,
  qualityFilter,
  qualityMonths,
  qualityQuery,
  warningFilter,
  warningQuery,
} from './schema.ts'
import type { QualityService } from './service.ts'

interface Parts {
  quality: QualityService
  missingFacts: MissingFacts
  qualityFiles: QualityFiles
  languageOf: (account: string) => Promise<Language>
}

/** How well operators report, and what is behind it. */
export const qualityRoutes = (parts: Parts): Route[] => [...listRoutes(parts), ...filesOf(parts)]

const listRoutes = ({ quality: service, missingFacts: missing }: Parts): Route[] => [
  defineRoute({
    method: 'get',
    path: '/quality',
    summary: 'How well operators report: a score of 100 points, and what lowers it',
    permission: 'read',
    query: qualityQuery,
    answer: quality,
    handle: ({ query, caller, now }) => service.list(within(query, caller.scope), now),
  }),
  defineRoute({
    method: 'get',
    path: '/quality/months',
    summary: 'How complete the months are: who has to report, who has, how much came late',
    permission: 'read',
    query: monthsQuery,
    answer: qualityMonths,
    handle: ({ query, caller, now }) => service.months(within(query, caller.scope), now),
  }),
  defineRoute({
    method: 'get',
    path: '/quality/late',
    summary: 'Changes that were recorded later than the policy allows, with how late',
    permission: 'read',
    query: qualityQuery,
    answer: lateChanges,
    handle: ({ query, caller, now }) => service.late(within(query, caller.scope), caller.scope, now),
  }),
  defineRoute({
    method: 'get',
    path: '/quality/warnings',
    summary: 'Entries in effect whose VIN or plate is doubtful',
    permission: 'read',
    query: warningQuery,
    answer: doubtfulChanges,
    handle: ({ query, caller, now }) => service.doubtful(within(query, caller.scope), caller.scope, now),
  }),
  defineRoute({
    method: 'get',
    path: '/quality/missing',
    summary: 'Vehicles in service without a registration date, or diesel trucks without an emission standard',
    permission: 'read',
    query: missingQuery,
    answer: missingFacts,
    handle: ({ query, caller }) => missing.page(within(query, caller.scope), caller.scope),
  }),
]

const filesOf = ({ qualityFiles: files, languageOf }: Parts): Route[] => [
  ...fileRoutes({
    path: '/quality',
    summary: 'Operators with their scores and what lowers them',
    query: qualityFilter,
    ...{ audit: 'quality.export', target: 'operator', languageOf },
    make: (query, wanted) => files.operators(query, wanted),
  }),
  ...fileRoutes({
    path: '/quality/late',
    summary: 'All late changes',
    query: qualityFilter,
    ...{ audit: 'quality.export', target: 'change', languageOf },
    make: (query, wanted) => files.late(query, wanted),
  }),
  ...fileRoutes({
    path: '/quality/warnings',
    summary: 'All entries whose VIN or plate is doubtful',
    query: warningFilter,
    ...{ audit: 'quality.export', target: 'change', languageOf },
    make: (query, wanted) => files.doubtful(query, wanted),
  }),
  ...fileRoutes({
    path: '/quality/missing',
    summary: 'All vehicles in service of which a fact is missing',
    query: missingFilter,
    ...{ audit: 'quality.export', target: 'vehicle', languageOf },
    make: (query, wanted) => files.missing(query, wanted),
  }),
]
