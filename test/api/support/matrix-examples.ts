import type { Route } from '../../../server/http/route.ts'
import { vehicleOf } from '../../harness/client.ts'
import { formWith, NIL_MONTH, PDF, type Things } from './matrix-world.ts'

/** A request for somebody's thing. */
export interface Example {
  path: string
  body?: unknown
}

/** What a route is about: `thing` names one that belongs to somebody; `list` is cut to what the caller may see, `count` is
 * its number. */
export type About = 'thing' | 'list' | 'count' | 'self' | 'city'

interface Sample {
  about: About
  /** requests for a side's things; well-formed, so that only the thing's owner can stand in the way */
  of: (things: Things) => Example[]
}

const at = (about: About, ...paths: ((t: Things) => string)[]): Sample => ({
  about,
  of: (t) => paths.map((path) => ({ path: path(t) })),
})
const send = (path: (t: Things) => string, body: (t: Things) => unknown = () => ({})): Sample => ({
  about: 'thing',
  of: (t) => [{ path: path(t), body: body(t) }],
})
const same = (about: About, path: string, body?: unknown): Sample => ({
  about,
  of: () => [body === undefined ? { path } : { path, body }],
})

/** A list that may be narrowed to a side. */
const exported = (path: string): Sample =>
  at(
    'list',
    () => path,
    (t) => `${path}?operator=${t.operator}`,
    (t) => `${path}?county=${t.county}`,
  )

/** A number of things, all of which are a side's: none of them for whoever may not see that side. */
const counted = (path: string): Sample => ({
  ...at(
    'count',
    (t) => `${path}?operator=${t.operator}`,
    (t) => `${path}?county=${t.county}`,
  ),
})

/** The same of vehicles of which a fact is missing. */
const missing = (path: string): Sample =>
  at(
    'list',
    () => `${path}?fact=registration`,
    (t) => `${path}?fact=registration&operator=${t.operator}`,
    (t) => `${path}?fact=emission&county=${t.county}`,
  )

const reason = { reason: '录入有误' }
const REFUSED = 'not a word of this is right'
const NOBODY = '000000000000000000000000'

/** Every route of the API by `method path`. A new one must be added here before its permission is tested. */
export const SAMPLES: Record<string, Sample> = {
  'get /setup': same('self', '/setup'),
  'post /setup': same('self', '/setup', {}),
  'post /session': same('self', '/session', { email: 'nobody@example.com', password: REFUSED }),
  'get /me': same('self', '/me'),
  'patch /me': same('self', '/me', {}),
  'get /regions': same('list', '/regions'),
  'post /scenarios/preview': same('city', '/scenarios/preview', { inputs: { others: 'pace', steps: [] } }),
  'get /scenarios': same('city', '/scenarios'),
  'post /scenarios': same('city', '/scenarios', {}),
  'get /scenarios/recipients': same('city', '/scenarios/recipients'),
  'get /scenarios/:id': same('city', `/scenarios/${NOBODY}`),
  'patch /scenarios/:id': same('city', `/scenarios/${NOBODY}`, { revision: 1 }),
  'delete /scenarios/:id': same('city', `/scenarios/${NOBODY}`),
  'post /scenarios/:id/restore': same('city', `/scenarios/${NOBODY}/restore`),
  'post /scenarios/:id/mail': same('city', `/scenarios/${NOBODY}/mail`, { to: [NOBODY] }),
  'get /accounts': same('city', '/accounts'),
  'post /accounts': same('city', '/accounts', {}),
  'patch /accounts/:id': send(
    (t) => `/accounts/${t.account}`,
    () => ({ name: '改名' }),
  ),
  'get /operators': same('list', '/operators'),
  'post /operators': same('city', '/operators', {}),
  'patch /operators/:id': send(
    (t) => `/operators/${t.operator}`,
    () => ({ trusted: false }),
  ),
  'get /vehicles': at(
    'list',
    () => '/vehicles?limit=200',
    (t) => `/vehicles?operator=${t.operator}`,
    (t) => `/vehicles?county=${t.county}`,
    (t) => `/vehicles?q=${t.vin.slice(-6)}`,
    (t) => `/vehicles?q=${encodeURIComponent(t.plate)}&asOf=2026-06-01`,
  ),
  'get /vehicles/:id': at(
    'thing',
    (t) => `/vehicles/${t.vin}`,
    (t) => `/vehicles/${t.vin}?asOf=2026-06-01`,
  ),
  'get /changes': at(
    'list',
    () => '/changes?limit=200&includeVoided=true',
    (t) => `/changes?operator=${t.operator}`,
    (t) => `/changes?county=${t.county}`,
    (t) => `/changes?import=${t.applied}`,
  ),
  'post /changes': {
    about: 'thing',
    of: (t) => [
      { path: '/changes?dryRun=true', body: retirement(t) },
      {
        path: '/changes',
        body: { kind: 'battery-swap', on: '2026-06-01', packs: 1, vehicle: { vin: t.bus } },
      },
      { path: '/changes', body: { ...retirement(t), vehicle: { plate: t.plate } } },
      {
        path: '/changes',
        body: {
          ...{ kind: 'replaced', on: '2026-06-01', replaces: [t.plate] },
          vehicle: vehicleOf(800, { energy: 'BEV', operator: t.operator, county: t.county }),
        },
      },
    ],
  },
  'post /changes/:id/void': send(
    (t) => `/changes/${t.change}/void?dryRun=true`,
    () => reason,
  ),
  'get /imports': at(
    'list',
    () => '/imports?limit=200',
    (t) => `/imports?operator=${t.operator}`,
  ),
  'post /imports': {
    about: 'city',
    of: (t) => [{ path: '/imports', body: formWith('list.csv', '车牌号\n', { operator: t.operator }) }],
  },
  'get /imports/attention': same('list', '/imports/attention'),
  'get /imports/template.xlsx': at(
    'list',
    () => '/imports/template.xlsx?category=truck',
    (t) => `/imports/template.xlsx?category=truck&operator=${t.operator}`,
  ),
  'get /imports/:id': at(
    'thing',
    (t) => `/imports/${t.checked}`,
    (t) => `/imports/${t.applied}`,
  ),
  'get /imports/:id/events': at('thing', (t) => `/imports/${t.applied}/events`),
  'get /imports/:id/rows': at(
    'thing',
    (t) => `/imports/${t.checked}/rows`,
    (t) => `/imports/${t.applied}/rows`,
  ),
  'get /imports/:id/errors.xlsx': at('thing', (t) => `/imports/${t.checked}/errors.xlsx`),
  'get /imports/:id/file': at('thing', (t) => `/imports/${t.checked}/file`),
  'post /imports/:id/mend': send(
    (t) => `/imports/${t.checked}/mend`,
    () => ({ rows: [{ seq: 1, cells: { note: 'x' } }] }),
  ),
  'post /imports/:id/mapping': send((t) => `/imports/${t.checked}/mapping`),
  'post /imports/:id/recheck': send((t) => `/imports/${t.checked}/recheck`),
  'post /imports/:id/submit': send((t) => `/imports/${t.checked}/submit`),
  'post /imports/:id/approve': send((t) => `/imports/${t.submitted}/approve`),
  'post /imports/:id/reject': send(
    (t) => `/imports/${t.submitted}/reject`,
    () => reason,
  ),
  'post /imports/:id/cancel': send((t) => `/imports/${t.checked}/cancel`),
  'post /imports/:id/withdraw': send(
    (t) => `/imports/${t.applied}/withdraw`,
    () => reason,
  ),
  'post /imports/:id/rows/:seq/disputes': send(
    (t) => `/imports/${t.checked}/rows/1/disputes`,
    () => formWith('claim.pdf', PDF, { claim: '见附件', wish: 'record' }),
  ),
  'get /disputes': same('list', '/disputes?limit=200'),
  'get /disputes/:id': at('thing', (t) => `/disputes/${t.dispute}`),
  'get /disputes/:id/document': at('thing', (t) => `/disputes/${t.dispute}/document`),
  'post /disputes/:id/decide': send(
    (t) => `/disputes/${t.dispute}/decide?dryRun=true`,
    () => ({ decision: 'denied', answer: '不符' }),
  ),
  'get /reporting': same('list', `/reporting?month=${NIL_MONTH}`),
  'post /reporting/nil': send(
    () => '/reporting/nil',
    (t) => ({ month: NIL_MONTH, operator: t.operator }),
  ),
  'delete /reporting/nil/:month': at('thing', (t) => `/reporting/nil/${NIL_MONTH}?operator=${t.operator}`),
  'get /reporting/reminders': same('list', `/reporting/reminders?month=${NIL_MONTH}`),
  'post /reporting/reminders': send(
    () => '/reporting/reminders',
    (t) => ({ month: NIL_MONTH, operator: t.operator }),
  ),
  'get /reporting/settings': same('city', '/reporting/settings'),
  'patch /reporting/settings': same('city', '/reporting/settings', {}),
  'post /reporting/nil-link': same('self', '/reporting/nil-link', { token: REFUSED }),
  'post /reporting/nil-link/report': same('self', '/reporting/nil-link/report', { token: REFUSED }),
  'get /alerts': same('city', '/alerts?limit=200'),
  'get /alerts/:id': same('city', '/alerts/000000000000000000000000'),
  'get /notices': same('list', '/notices?limit=200'),
  'post /notices/seen': same('self', '/notices/seen', {}),
  'get /compliance': at(
    'list',
    () => '/compliance',
    (t) => `/compliance?operator=${t.operator}`,
    (t) => `/compliance?county=${t.county}`,
  ),
  'get /compliance/:rule/evidence': at(
    'list',
    () => '/compliance/freight-fleet/evidence?limit=200',
    (t) => `/compliance/freight-fleet/evidence?operator=${t.operator}`,
    (t) => `/compliance/old-diesel-trucks-retired/evidence?county=${t.county}`,
  ),
  'get /compliance/:rule/breakdown': at(
    'list',
    () => '/compliance/freight-fleet/breakdown?by=operator',
    (t) => `/compliance/freight-fleet/breakdown?by=operator&county=${t.county}`,
    (t) => `/compliance/freight-fleet/breakdown?by=month&operator=${t.operator}`,
  ),
  'get /compliance/:rule/trend': at(
    'list',
    () => '/compliance/freight-fleet/trend',
    (t) => `/compliance/freight-fleet/trend?operator=${t.operator}`,
  ),
  'get /jobs': same('city', '/jobs'),
  'get /jobs/health': same('city', '/jobs/health'),
  'get /jobs/preview': same('city', '/jobs/preview?cron=0+6+*+*+*'),
  'get /jobs/:name/runs': same('city', '/jobs/daily-check/runs'),
  'put /jobs/:name/schedule': same('city', '/jobs/no-such-job/schedule', { cron: '0 6 * * *' }),
  'delete /jobs/:name/schedule': same('city', '/jobs/no-such-job/schedule', {}),
  'post /jobs/:name/run': same('city', '/jobs/no-such-job/run', {}),
  'get /assessments': same('city', '/assessments'),
  'get /reports': same('list', '/reports'),
  'post /reports': same('city', '/reports', {}),
  'get /reports/:id': at('list', (t) => `/reports/${t.report}`),
  'get /reports/check/:number': same('self', '/reports/check/W2026-46?code=none'),
  'get /reports/:id/paper': at('list', (t) => `/reports/${t.report}/paper`),
  'get /reports/:id.html': at('list', (t) => `/reports/${t.report}.html`),
  'get /reports/:id.xlsx': at('list', (t) => `/reports/${t.report}.xlsx`),
  'get /outbox': same('city', '/outbox'),
  'get /outbox/summary': same('city', '/outbox/summary'),
  'get /outbox/disabled-addresses': same('city', '/outbox/disabled-addresses'),
  'delete /outbox/disabled-addresses/:id': same(
    'city',
    '/outbox/disabled-addresses/000000000000000000000000',
  ),
  'get /outbox/:id/attachments/:place': same('city', '/outbox/000000000000000000000000/attachments/0'),
  'post /outbox/:id/resend': same('city', '/outbox/000000000000000000000000/resend', {}),
  'get /outbox/:id': same('city', '/outbox/000000000000000000000000'),
  'post /outbox/:id/retry': same('city', '/outbox/000000000000000000000000/retry', {}),
  'delete /session': same('self', '/session'),
  'post /password-resets': same('self', '/password-resets', { email: 'nobody@example.com' }),
  'post /links/check': same('self', '/links/check', { token: REFUSED }),
  'post /links/redeem': same('self', '/links/redeem', { token: REFUSED, password: REFUSED }),
  'post /me/password': same('self', '/me/password', { current: REFUSED, password: REFUSED }),
  'post /me/second-factor': same('self', '/me/second-factor', { password: REFUSED }),
  'post /me/second-factor/confirm': same('self', '/me/second-factor/confirm', { code: '000000' }),
  'post /me/second-factor/recovery-codes': same('self', '/me/second-factor/recovery-codes', {
    password: REFUSED,
  }),
  'post /me/second-factor/remove': same('self', '/me/second-factor/remove', { password: REFUSED }),
  'get /me/sessions': same('self', '/me/sessions'),
  'delete /me/sessions': same('self', '/me/sessions'),
  'delete /me/sessions/:id': same('self', `/me/sessions/${NOBODY}`),
  'get /me/tokens': same('self', '/me/tokens'),
  'post /me/tokens': same('self', '/me/tokens', {}),
  'delete /me/tokens/:id': same('self', `/me/tokens/${NOBODY}`),
  'get /recipients': same('city', '/recipients'),
  'post /recipients': same('city', '/recipients', {}),
  'patch /recipients/:id': same('city', '/recipients/000000000000000000000000', {}),
  'delete /recipients/:id': same('city', '/recipients/000000000000000000000000'),
  'get /unsubscribe': same('city', '/unsubscribe?token=none'),
  'post /unsubscribe': same('city', '/unsubscribe?token=none', {}),
  'post /unsubscribe/undo': same('city', '/unsubscribe/undo?token=none', {}),
  'get /unsubscribe/state': same('city', '/unsubscribe/state?token=none'),
  'post /accounts/:id/invite': send((t) => `/accounts/${t.account}/invite`),
  'post /accounts/:id/reset-second-factor': send((t) => `/accounts/${t.account}/reset-second-factor`),
  'get /accounts/:id/sessions': at('thing', (t) => `/accounts/${t.account}/sessions`),
  'delete /accounts/:id/sessions': at('thing', (t) => `/accounts/${t.account}/sessions`),
  'get /accounts/:id/tokens': at('thing', (t) => `/accounts/${t.account}/tokens`),
  'delete /accounts/:id/tokens/:token': at('thing', (t) => `/accounts/${t.account}/tokens/${t.token}`),
  'get /settings': same('city', '/settings'),
  'patch /settings': same('city', '/settings', {}),
  'get /vehicles/count': counted('/vehicles/count'),
  'get /vehicles/suggest': at(
    'list',
    (t) => `/vehicles/suggest?q=${encodeURIComponent(t.plate.slice(1))}`,
    (t) => `/vehicles/suggest?q=${t.vin.slice(-6)}`,
    (t) => `/vehicles/suggest?q=${t.vin}`,
  ),
  'get /vehicles.xlsx': exported('/vehicles.xlsx'),
  'get /vehicles.csv': exported('/vehicles.csv'),
  'get /changes.xlsx': exported('/changes.xlsx'),
  'get /changes.csv': exported('/changes.csv'),
  'get /changes/count': counted('/changes/count'),
  'get /changes/:id': at('thing', (t) => `/changes/${t.change}`),
  'post /changes/:id/correct': send(
    (t) => `/changes/${t.change}/correct?dryRun=true`,
    (t) => ({ ...reason, change: retirement(t) }),
  ),
  'post /attachments': same('self', '/attachments', {}),
  'delete /attachments/:id': at('thing', (t) => `/attachments/${t.loose}`),
  'post /changes/:id/attachments': send(
    (t) => `/changes/${t.change}/attachments`,
    (t) => ({ attachment: t.attachment }),
  ),
  'get /changes/:id/attachments/:attachment': at(
    'thing',
    (t) => `/changes/${t.change}/attachments/${t.attachment}`,
  ),
  'get /compliance/:rule/evidence/count': counted('/compliance/freight-fleet/evidence/count'),
  'get /compliance/:rule/evidence.xlsx': exported('/compliance/freight-fleet/evidence.xlsx'),
  'get /compliance/:rule/evidence.csv': exported('/compliance/old-diesel-trucks-retired/evidence.csv'),
  'get /compliance/:rule/breakdown.xlsx': at(
    'list',
    (t) => `/compliance/freight-fleet/breakdown.xlsx?by=operator&county=${t.county}`,
  ),
  'get /compliance/:rule/breakdown.csv': at(
    'list',
    (t) => `/compliance/freight-fleet/breakdown.csv?by=county&operator=${t.operator}`,
  ),
  'get /audit': same('city', '/audit'),
  'get /audit.csv': same('city', '/audit.csv'),
  'get /seals': same('city', '/seals'),
  'get /due': at(
    'list',
    (t) => `/due?by=operator&operator=${t.operator}`,
    (t) => `/due?by=operator&county=${t.county}`,
  ),
  'get /due/vehicles': at(
    'list',
    () => '/due/vehicles?undetermined=true&limit=200',
    (t) => `/due/vehicles?undetermined=true&operator=${t.operator}`,
    (t) => `/due/vehicles?undetermined=true&county=${t.county}`,
  ),
  'get /due/vehicles/count': at(
    'count',
    (t) => `/due/vehicles/count?undetermined=true&operator=${t.operator}`,
    (t) => `/due/vehicles/count?undetermined=true&county=${t.county}`,
  ),
  'get /due/old-trucks': exported('/due/old-trucks'),
  'get /due/old-trucks/count': counted('/due/old-trucks/count'),
  'get /due/scenarios': at(
    'list',
    (t) => `/due/scenarios?operator=${t.operator}`,
    (t) => `/due/scenarios?county=${t.county}`,
  ),
  'get /due.xlsx': at('list', (t) => `/due.xlsx?by=operator&county=${t.county}`),
  'get /due.csv': at('list', (t) => `/due.csv?by=operator&county=${t.county}`),
  'get /due/vehicles.xlsx': at('list', (t) => `/due/vehicles.xlsx?undetermined=true&county=${t.county}`),
  'get /due/vehicles.csv': at('list', (t) => `/due/vehicles.csv?undetermined=true&operator=${t.operator}`),
  'get /due/old-trucks.xlsx': exported('/due/old-trucks.xlsx'),
  'get /due/old-trucks.csv': exported('/due/old-trucks.csv'),
  'get /quality': exported('/quality'),
  'get /quality.xlsx': exported('/quality.xlsx'),
  'get /quality.csv': exported('/quality.csv'),
  'get /quality/months': same('list', '/quality/months'),
  'get /quality/late': exported('/quality/late'),
  'get /quality/late.xlsx': exported('/quality/late.xlsx'),
  'get /quality/late.csv': exported('/quality/late.csv'),
  'get /quality/warnings': exported('/quality/warnings'),
  'get /quality/warnings.xlsx': exported('/quality/warnings.xlsx'),
  'get /quality/warnings.csv': exported('/quality/warnings.csv'),
  'get /quality/missing': missing('/quality/missing'),
  'get /quality/missing.xlsx': missing('/quality/missing.xlsx'),
  'get /quality/missing.csv': missing('/quality/missing.csv'),
  'get /open-data': same('list', '/open-data'),
  'get /open-data/figures.csv': same('list', '/open-data/figures.csv'),
  'get /open-data/changes.csv': same('list', '/open-data/changes.csv'),
  'get /policy': same('list', '/policy'),
  'get /policy/versions': same('list', '/policy/versions'),
  'get /policy/versions/:version': same('list', '/policy/versions/1'),
  'post /policy/preview': same('city', '/policy/preview', {}),
  'post /policy/versions': same('city', '/policy/versions', {}),
  'get /openapi.json': same('list', '/openapi.json'),
}

const retirement = (t: Things) => ({
  kind: 'retired',
  on: '2026-06-01',
  reason: 'scrapped',
  vehicle: { vin: t.vin },
})

/** What is known of a route; a route that nothing is known of fails the test that asks. */
export function sampleOf({ method, path }: Pick<Route, 'method' | 'path'>): Sample {
  const sample = SAMPLES[`${method} ${path}`]
  if (!sample) throw new Error(`${method} ${path} is not among the samples: say what it is about`)
  return sample
}
