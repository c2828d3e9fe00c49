import { randomUUID } from 'node:crypto'
import express, { type Express, Router } from 'express'
import { pinoHttp } from 'pino-http'
import { AccountsAhead } from './accounts/ahead.ts'
import { accountRoutes } from './accounts/routes.ts'
import { identify, ownOrigin, refuseBadToken, sessions, setUpLimit } from './accounts/session.ts'
import { ShortMemory } from './accounts/short-memory.ts'
import { alertRoutes } from './alerts/routes.ts'
import { attachmentRoutes } from './attachments/routes.ts'
import { auditRoutes } from './audit/routes.ts'
import { auditTrail } from './audit/trail.ts'
import { changeListRoutes } from './changes/list-routes.ts'
import { changeRoutes } from './changes/routes.ts'
import { breakdownFileRoutes } from './compliance/breakdown-file-routes.ts'
import { complianceRoutes } from './compliance/routes.ts'
import { disputeRoutes } from './disputes/routes.ts'
import { dueFileRoutes } from './due/file-routes.ts'
import { dueRoutes } from './due/routes.ts'
import { exportRoutes } from './exports/routes.ts'
import { checkRoutes, methodsFor } from './http/check-routes.ts'
import { clientRoutes } from './http/client.ts'
import { docsRoutes } from './http/docs.ts'
import { answerProblem, nothingHere, notThisWay } from './http/errors.ts'
import { type AddMetrics, healthRoutes, type Probe } from './http/health.ts'
import { limitRefusedReads, type WriteLimits, writeLimit } from './http/limits.ts'
import { openApi } from './http/openapi.ts'
import { admit, defineRoute, type Route, requestHandler } from './http/route.ts'
import { securityHeaders } from './http/security.ts'
import { decisionRoutes } from './imports/decision-routes.ts'
import { importFileRoutes } from './imports/file-routes.ts'
import { importRoutes } from './imports/routes.ts'
import { noticeRoutes } from './notices/routes.ts'
import { openDataRoutes } from './open-data/routes.ts'
import { operatorRoutes } from './operators/routes.ts'
import { policyRoutes } from './policies/routes.ts'
import { qualityRoutes } from './quality/routes.ts'
import { reminderRoutes } from './reporting/reminder-routes.ts'
import { reportingRoutes } from './reporting/routes.ts'
import { reportFileRoutes } from './reports/face/routes.ts'
import { reportCheckLimit } from './reports/limit.ts'
import { reportRoutes } from './reports/routes.ts'
import { loadSampleInto } from './sample/load.ts'
import { scenarioRoutes } from './scenarios/routes.ts'
import { sealRoutes } from './seals/routes.ts'
import type { Services } from './services.ts'
import { subscriptionRoutes } from './subscriptions/routes.ts'
import { vehicleRoutes } from './vehicles/routes.ts'

export const API = '/api/v1'

/** The routes of the API, each with its permission. */
export function apiRoutes(services: Services, more: readonly Route[] = []): Route[] {
  const { accounts, operators, vehicles, changes, config } = services
  const { reporting, notices } = services
  const loadSample = loadSampleInto(services)
  const languageOf = async (id: string) => (await accounts.me(id)).language
  const routes: Route[] = [
    ...accountRoutes({ ...services, loadSample }),
    ...operatorRoutes(operators),
    ...vehicleRoutes(vehicles, services.suggestions),
    // before /changes/:id, which would take these names for ids
    ...changeListRoutes(services.changeList),
    ...changeRoutes(changes, services.changeList),
    ...attachmentRoutes(services.attachments),
    // before /imports/:id, which would take a form's name for an id
    ...importFileRoutes(services.downloads, languageOf),
    ...decisionRoutes(services),
    ...disputeRoutes(services),
    ...noticeRoutes(notices),
    ...importRoutes(services, config.uploadLimitBytes),
    ...complianceRoutes(services),
    ...exportRoutes({ exports: services.exports, languageOf }),
    ...breakdownFileRoutes({ breakdownFiles: services.breakdownFiles, languageOf }),
    ...dueRoutes(services),
    ...dueFileRoutes({ dueFiles: services.dueFiles, languageOf }),
    ...policyRoutes(services.policyPublishing),
    ...reportingRoutes(reporting),
    ...reminderRoutes({ ...services, soon: () => services.rounds.soon() }),
    ...alertRoutes(services.alerts),
    // before /reports/:id, which would take a file's name for an id
    ...reportFileRoutes({ reportFiles: services.reportFiles, languageOf }),
    ...reportRoutes(services),
    ...scenarioRoutes(services),
    ...qualityRoutes({ ...services, languageOf }),
    ...openDataRoutes({ openData: services.openData, languageOf }),
    ...subscriptionRoutes(services),
    ...sealRoutes(services.seals),
    ...auditRoutes({ ...services, timeZone: config.timeZone, languageOf }),
    ...more,
  ]
  const description: Route = defineRoute({
    method: 'get',
    path: '/openapi.json',
    summary: 'This description',
    permission: 'signed-in',
    handle: async (): Promise<unknown> => openApi([...routes, description], '1.0.0'),
  })
  return [...routes, description]
}

export interface AppParts {
  services: Services
  /** routes of other parts, such as the scheduled jobs' */
  routes?: readonly Route[]
  probes?: Record<string, Probe>
  /** metrics of other parts */
  metrics?: readonly AddMetrics[]
  /** folder of the built browser application */
  clientFolder: string
  /** other limits than the usual, for tests that write more than anybody does */
  writeLimits?: WriteLimits | undefined
}

/** What is logged of a request: no headers, as the cookie among them opens the session. */
const LOGGED = {
  req: ({ id, method, url }: { id: unknown; method: string; url: string }) => ({
    id,
    method,
    url: url.split('?')[0],
  }),
  res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
}

/**
 * The application: the order in which a request passes through it, on one screen.
 * @throws Error for a route that declares no permission, or that another takes the requests of
 */
export function createApp(parts: AppParts): Express {
  const { services, probes = {}, clientFolder } = parts
  const { connection, config, clock, log, audit } = services
  const routes = apiRoutes(services, parts.routes)
  checkRoutes(routes)
  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', config.trustProxy)
  app.set('query parser', 'simple')
  app.use(healthRoutes(connection, probes, parts.metrics))
  app.use(pinoHttp({ logger: log, useLevel: 'debug', serializers: LOGGED, genReqId: () => randomUUID() }))
  app.use(securityHeaders())
  const api = Router()
  api.use((_req, res, next) => {
    res.set('Cache-Control', 'no-store')
    next()
  })
  const memory = new ShortMemory(connection.getClient(), ['sessions', 'accounts'])
  const ahead = new AccountsAhead((id) => memory.get(`account ${id}`, () => services.accounts.stored(id)))
  api.use(ahead.begin, sessions(connection, config.sessionSecret, memory))
  // Before anything that can answer.
  api.use(auditTrail({ log: audit, clock }), identify({ ...services, ahead }))
  // Before anything that refuses, so that refusals cannot fill the log.
  const limit = writeLimit(parts.writeLimits)
  api.use(limit, refuseBadToken, ownOrigin(config.publicUrl))
  api.use(express.json({ limit: '256kb' }))
  api.post('/setup', setUpLimit())
  api.get('/reports/check/:number', reportCheckLimit())
  const now = () => clock.now()
  for (const route of routes) api[route.method](route.path, requestHandler(route, now))
  api.use((req, _res, next) => {
    admit({ permission: 'signed-in', sessionOnly: true, beforeSecondFactor: false }, req.caller)
    next()
  })
  api.use(docsRoutes())
  api.use(notThisWay((path) => methodsFor(routes, path)))
  api.use(nothingHere)
  api.use(limitRefusedReads(limit))
  app.use(API, api)
  app.use('/api', nothingHere)
  app.use(clientRoutes(clientFolder))
  app.use(nothingHere)
  app.use(answerProblem)
  return app
}
