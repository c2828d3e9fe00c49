/**
 * A city with two operators in two counties, each with one thing of every kind, and somebody of every role: what the
 * test of permissions asks for, as its own and as somebody else's.
 */
import type { Permission, Scope } from '../../../server/accounts/permissions.ts'
import type { Role } from '../../../server/accounts/schema.ts'
import { type Client, csvOf, type Page, person, plateOf, vehicleOf, vinOf } from '../../harness/client.ts'
import type { TestService } from '../../harness/service.ts'

export const PDF = Buffer.from('%PDF-1.7\n证明\n%%EOF')
/**
 * Whose things: of the callers' own operator in their own county; of another operator in another county; of another
 * operator in the same county; of the same operator in another county.
 */
const SIDES = {
  own: { county: '350702', name: '甲运输有限公司', first: 100 },
  foreign: { county: '350781', name: 'ZETA运输有限公司', first: 900 },
  neighbour: { county: '350702', name: 'NEXT运输有限公司', first: 700 },
  branch: { county: '350781', name: '甲运输有限公司', first: 500 },
} as const
export type Side = keyof typeof SIDES

/** One thing of every kind that belongs to a side. */
export interface Things {
  operator: string
  operatorName: string
  vin: string
  plate: string
  /** a new-energy bus */
  bus: string
  change: string
  /** a list with a fault, not sent on; one sent on; one recorded */
  checked: string
  submitted: string
  applied: string
  dispute: string
  attachment: string
  /** an attachment of the administrator's that no change has taken */
  loose: string
  county: string
  /** the whole city's, of which everybody sees a part */
  report: string
  /** the operator's account */
  account: string
  /** a token of that account's */
  token: string
  client: Client & { id: string }
}

export interface Caller {
  name: string
  /** what its requests carry to say who asks */
  headers: () => Record<string, string>
  role: Role
  scope: Scope
  /** sees one county or operator only */
  limited: boolean
  /** whose things are none of its business */
  apart: Side[]
  /** what a token may do; absent for sessions */
  token?: readonly Permission[]
}

export interface MatrixWorld {
  things: Record<Side, Things>
  callers: Caller[]
  /** texts that only a side has */
  markers: Record<Side, string[]>
}

/** A file with a form's other fields. */
export function formWith(
  name: string,
  bytes: Uint8Array | string,
  fields: Record<string, string> = {},
): FormData {
  const form = new FormData()
  for (const [field, value] of Object.entries(fields)) form.set(field, value)
  form.set('file', new Blob([typeof bytes === 'string' ? bytes : new Uint8Array(bytes)]), name)
  return form
}

async function must<T>(what: Promise<{ status: number; body: T }>, ...statuses: number[]): Promise<T> {
  const { status, body } = await what
  if (!statuses.includes(status)) throw new Error(`the world is not made: ${status} ${JSON.stringify(body)}`)
  return body
}

/** What stands on the ledger of a side: its vehicles, and an entry with a document. */
async function entriesOf({ admin }: TestService, side: Side) {
  const { county, name, first } = SIDES[side]
  const row = (i: number, more: Record<string, unknown> = {}) => ({
    ...vehicleOf(first + i, { operator: name, county, note: `${side}-note`, ...more }),
    kind: 'stock',
  })
  const bus = row(7, { category: 'bus', energy: 'BEV' })
  const vehicles = [row(0), row(1), row(2), bus]
  const enter = async () => {
    const leaving = {
      kind: 'retired',
      on: '2026-05-01',
      reason: 'scrapped',
      certificate: `${side}-certificate`,
    }
    const vehicle = { vin: vinOf(first + 2) }
    const entry = await admin.mustChange({ ...leaving, vehicle, note: `${side}-entry-note` })
    const file = formWith(`${side}-scrap.pdf`, PDF)
    const { id } = await must(admin.send<{ id: string }>('POST', '/attachments', file), 201)
    await must(admin.post(`/changes/${entry.id}/attachments`, { attachment: id }), 201)
    return { change: entry.id, attachment: id, vin: vinOf(first), plate: plateOf(first), bus: bus.vin }
  }
  return { row, vehicles, enter }
}

async function looseOf(client: Client): Promise<string> {
  const sent = client.send<{ id: string }>('POST', '/attachments', formWith('loose.pdf', PDF))
  return (await must(sent, 201)).id
}

async function thingsOf(service: TestService, side: Side): Promise<Things> {
  const { admin } = service
  const { county, name } = SIDES[side]
  const contacts = [{ name: `${side} contact`, phone: '0599-8888888', email: `${side}-contact@example.com` }]
  const { id: operator } = await must(
    admin.post<{ id: string }>('/operators', { name, county, contacts }),
    201,
  )
  const client = await person(service, { role: 'operator', operator })
  const { row, vehicles, enter } = await entriesOf(service, side)
  const applied = await client.check(`${side}-applied.csv`, csvOf(vehicles))
  await must(client.post(`/imports/${applied.id}/submit`), 200, 202)
  await must(admin.post(`/imports/${applied.id}/approve`), 202)
  await admin.importIn(applied.id, 'applied')
  const entered = await enter()
  const loose = await looseOf(admin)
  const faults = [{ ...row(3), category: `${side}车` }, row(4)]
  const checked = await client.check(`${side}-checked.csv`, csvOf(faults))
  const submitted = await client.check(`${side}-submitted.csv`, csvOf([row(5)]))
  await must(client.post(`/imports/${submitted.id}/submit`), 200, 202)
  const early = { ...row(6, { registeredOn: '2026-03-05' }), kind: 'added', on: '2026-03-02' }
  const faulty = await client.check(`${side}-faulty.csv`, csvOf([early]))
  const claim = formWith(`${side}-claim.pdf`, PDF, { claim: `${side}-claim`, wish: 'record' })
  const raised = client.send<{ id: string }>('POST', `/imports/${faulty.id}/rows/1/disputes`, claim)
  const { id: dispute } = await must(raised, 201)
  await must(client.post('/reporting/nil', { month: NIL_MONTH }), 200, 201)
  const wanted = { name: `${side} ERP`, permissions: ['read'], days: 30 }
  const { id: token } = await must(client.post<{ id: string }>('/me/tokens', wanted), 201)
  const lists = { checked: checked.id, submitted: submitted.id, applied: applied.id }
  return {
    ...{ operator, operatorName: name, county, ...entered, ...lists, dispute, loose, report: '' },
    ...{ account: client.id, token, client },
  }
}

/** A month in which the operators had nothing to report. */
export const NIL_MONTH = '2026-10'

/** What the callers' own operator has in another county; all else is another's. */
async function branchOf(service: TestService, foreign: Things): Promise<Things> {
  const { vehicles, enter } = await entriesOf(service, 'branch')
  await service.admin.record('branch-applied.csv', csvOf(vehicles))
  return { ...foreign, ...(await enter()) }
}

const TOKEN = ['read'] as const

/** Makes the city. */
export async function makeMatrixWorld(service: TestService): Promise<MatrixWorld> {
  const own = await thingsOf(service, 'own')
  const foreign = await thingsOf(service, 'foreign')
  const neighbour = await thingsOf(service, 'neighbour')
  const things = { own, foreign, neighbour, branch: await branchOf(service, foreign) }
  const week = { kind: 'weekly', period: '2026-W47' }
  const { id: report } = await must(service.admin.post<{ id: string }>('/reports', week), 201)
  for (const thing of Object.values(things)) thing.report = report
  const { county } = SIDES.own
  const by = (client: Client) => () => ({ cookie: client.cookie })
  const officer = await person(service, { role: 'officer' })
  const countyOfficer = await person(service, { role: 'county-officer', county })
  // A document that goes with no entry yet is its sender's.
  own.loose = await looseOf(countyOfficer)
  const viewer = await person(service, { role: 'viewer' })
  const countyViewer = await person(service, { role: 'viewer', county })
  const operator = things.own.client
  const city = { limited: false, apart: [], scope: {} }
  const ofCounty = { limited: true, apart: ['foreign', 'branch'] as Side[], scope: { county } }
  const ofOperator = {
    ...{ limited: true, apart: ['foreign', 'neighbour'] as Side[], role: 'operator' as const },
    scope: { operator: own.operator },
  }
  const callers: Caller[] = [
    { name: 'administrator', role: 'administrator', ...city, headers: by(service.admin) },
    { name: 'officer', role: 'officer', ...city, headers: by(officer) },
    { name: 'county officer', role: 'county-officer', ...ofCounty, headers: by(countyOfficer) },
    { name: 'viewer', role: 'viewer', ...city, headers: by(viewer) },
    { name: 'viewer of a county', role: 'viewer', ...ofCounty, headers: by(countyViewer) },
    { name: 'operator', ...ofOperator, headers: by(operator) },
    { name: 'program of the operator', ...ofOperator, token: TOKEN, headers: await program(operator) },
  ]
  const markers = {
    own: [],
    foreign: markersOf('foreign', foreign),
    neighbour: markersOf('neighbour', neighbour),
    branch: [...textsOf('branch'), things.branch.change, things.branch.attachment],
  }
  return { things, callers, markers }
}

/** A company's own system, which has a token for reading only. */
async function program(owner: Client): Promise<Caller['headers']> {
  const given = { name: 'ERP', permissions: TOKEN, days: 30 }
  const { token } = await must(owner.post<{ token: string }>('/me/tokens', given), 201)
  return () => ({ authorization: `Bearer ${token}` })
}

/** The texts that a side's vehicles and entries have in them. */
function textsOf(side: Side): string[] {
  const numbers = Array.from({ length: 10 }, (_, i) => SIDES[side].first + i)
  return [
    ...numbers.map((n) => vinOf(n)),
    ...numbers.flatMap((n) => [plateOf(n), plateOf(n, 'D')]),
    `${side}-`,
  ]
}

function markersOf(side: Side, things: Things): string[] {
  const { operatorName, operator, change, attachment, account, token } = things
  const { checked, submitted, applied, dispute } = things
  return [
    ...[
      ...textsOf(side),
      operatorName,
      operatorName.slice(0, 4),
      `${side} contact`,
      `${side} ERP`,
      `${side}车`,
    ],
    ...[operator, change, attachment, checked, submitted, applied, dispute, account, token],
  ]
}

/** What a side's things are like, for telling whether anything was done to them. */
export async function stateOf({ admin }: TestService, things: Things): Promise<unknown> {
  const read = async (path: string) => (await admin.get<Record<string, unknown>>(path)).body
  const lists = [things.checked, things.submitted, things.applied].map((id) => read(`/imports/${id}`))
  const changes = await admin.all<Record<string, unknown>>(
    `/changes?operator=${things.operator}&includeVoided=true`,
  )
  const { items } = (await read('/accounts')) as unknown as Page<{ id: string }>
  return {
    lists: await Promise.all(lists),
    changes,
    dispute: await read(`/disputes/${things.dispute}`),
    reported: (await read(`/reporting?month=${NIL_MONTH}`)) as unknown,
    entry: await read(`/changes/${things.change}`),
    vehicle: await read(`/vehicles/${things.vin}`),
    account: items.find(({ id }) => id === things.account),
  }
}
