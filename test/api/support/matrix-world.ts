/**
 * A city with two operators in two counties, each with one thing of every kind, and somebody of every role: what the
 * test of permissions asks for, as its own and as somebody else's.
 */
import type { Permission, Scope } from '../../../server/accounts/permissions.ts'
import type { Role } from '../../../server/accounts/schema.ts'
import {
  type Client,
  csvOf,
  PASSWORD,
  type Page,
  person,
  plateOf,
  vehicleOf,
  vinOf,
} from '../../harness/client.ts'
import type { TestService } from '../../harness/service.ts'

export const PDF = Buffer.from('%PDF-1.7\n证明\n%%EOF')
const COUNTIES = { own: '350702', foreign: '350781' } as const
export type Side = keyof typeof COUNTIES

/** One thing of every kind that belongs to a side. */
export interface Things {
  operator: string
  operatorName: string
  vin: string
  plate: string
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
  /** the operator's account */
  account: string
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
  /** what a token may do; absent for sessions */
  token?: readonly Permission[]
}

export interface MatrixWorld {
  things: Record<Side, Things>
  callers: Caller[]
  /** texts that only the foreign side has */
  markers: string[]
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

/** Numbers of a side's vehicles: ten of them. */
const FIRST = { own: 100, foreign: 900 } as const

async function thingsOf(service: TestService, side: Side): Promise<Things> {
  const { admin } = service
  const county = COUNTIES[side]
  const operatorName = `${side === 'own' ? '甲' : 'ZETA'}运输有限公司`
  const contacts = [{ name: `${side} contact`, phone: '0599-8888888', email: `${side}-contact@example.com` }]
  const { id: operator } = await must(
    admin.post<{ id: string }>('/operators', { name: operatorName, county, contacts }),
    201,
  )
  const n = FIRST[side]
  const client = await person(service, { role: 'operator', operator })
  const facts = { operator: operatorName, county, note: `${side}-note` }
  const row = (i: number, more: Record<string, unknown> = {}) => ({
    ...vehicleOf(n + i, facts),
    kind: 'stock',
    ...more,
  })
  const applied = await client.check(`${side}-applied.csv`, csvOf([row(0), row(1), row(2)]))
  await must(client.post(`/imports/${applied.id}/submit`), 200, 202)
  await must(admin.post(`/imports/${applied.id}/approve`), 202)
  await admin.importIn(applied.id, 'applied')
  const swap = { kind: 'retired', on: '2026-05-01', reason: 'scrapped', certificate: `${side}-certificate` }
  const entry = await admin.mustChange({
    ...swap,
    vehicle: { vin: vinOf(n + 2) },
    note: `${side}-entry-note`,
  })
  const file = formWith(`${side}-scrap.pdf`, PDF)
  const { id: attachment } = await must(admin.send<{ id: string }>('POST', '/attachments', file), 201)
  await must(admin.post(`/changes/${entry.id}/attachments`, { attachment }), 200, 201, 204)
  const { id: loose } = await must(
    admin.send<{ id: string }>('POST', '/attachments', formWith('loose.pdf', PDF)),
    201,
  )
  const checked = await client.check(
    `${side}-checked.csv`,
    csvOf([row(3, { category: `${side}车` }), row(4)]),
  )
  const submitted = await client.check(`${side}-submitted.csv`, csvOf([row(5)]))
  await must(client.post(`/imports/${submitted.id}/submit`), 200, 202)
  const early = { kind: 'added', on: '2026-03-02', registeredOn: '2026-03-05' }
  const faulty = await client.check(`${side}-faulty.csv`, csvOf([row(6, early)]))
  const claim = formWith(`${side}-claim.pdf`, PDF, { claim: `${side}-claim`, wish: 'record' })
  const { id: dispute } = await must(
    client.send<{ id: string }>('POST', `/imports/${faulty.id}/rows/1/disputes`, claim),
    201,
  )
  const [vin, plate] = [vinOf(n), plateOf(n)]
  const lists = { checked: checked.id, submitted: submitted.id, applied: applied.id }
  return {
    ...{ operator, operatorName, vin, plate, change: entry.id, ...lists, dispute, attachment, loose, county },
    ...{ account: client.id, client },
  }
}

const TOKEN = ['read'] as const

/** Makes the city. */
export async function makeMatrixWorld(service: TestService): Promise<MatrixWorld> {
  const things = { own: await thingsOf(service, 'own'), foreign: await thingsOf(service, 'foreign') }
  const county = COUNTIES.own
  const by = (client: Client) => () => ({ cookie: client.cookie })
  const officer = await person(service, { role: 'officer' })
  const countyOfficer = await person(service, { role: 'county-officer', county })
  const viewer = await person(service, { role: 'viewer' })
  const countyViewer = await viewerOf(service, county)
  const operator = things.own.client
  const city = { limited: false, scope: {} }
  const ofCounty = { limited: true, scope: { county } }
  const ofOperator = { limited: true, scope: { operator: things.own.operator }, role: 'operator' as const }
  const callers: Caller[] = [
    { name: 'administrator', role: 'administrator', ...city, headers: by(service.admin) },
    { name: 'officer', role: 'officer', ...city, headers: by(officer) },
    { name: 'county officer', role: 'county-officer', ...ofCounty, headers: by(countyOfficer) },
    { name: 'viewer', role: 'viewer', ...city, headers: by(viewer) },
    { name: 'viewer of a county', role: 'viewer', ...ofCounty, headers: by(countyViewer) },
    { name: 'operator', ...ofOperator, headers: by(operator) },
    { name: 'program of the operator', ...ofOperator, token: TOKEN, headers: await program(operator) },
  ]
  return { things, callers, markers: markersOf(things.foreign) }
}

async function viewerOf(service: TestService, county: string): Promise<Client> {
  const email = 'county-viewer@example.com'
  const given = { email, name: 'county viewer', password: PASSWORD, role: 'viewer', county }
  await must(service.admin.post('/accounts', given), 201)
  const client = service.visitor()
  await client.signIn(email, PASSWORD)
  return client
}

/** A company's own system, which has a token for reading only. */
async function program(owner: Client): Promise<Caller['headers']> {
  const given = { name: 'ERP', permissions: TOKEN, days: 30 }
  const { token } = await must(owner.post<{ token: string }>('/me/tokens', given), 201)
  return () => ({ authorization: `Bearer ${token}` })
}

const markersOf = ({
  operatorName,
  operator,
  change,
  checked,
  submitted,
  applied,
  dispute,
  account,
}: Things) => [
  operatorName,
  'ZETA',
  ...Array.from({ length: 10 }, (_, i) => vinOf(FIRST.foreign + i)),
  ...Array.from({ length: 10 }, (_, i) => plateOf(FIRST.foreign + i)),
  ...['foreign-', 'foreign contact', 'foreign车'],
  ...[operator, change, checked, submitted, applied, dispute, account],
]

/** How many things of the foreign side there are, for telling whether anything was done to them. */
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
    vehicle: await read(`/vehicles/${things.vin}`),
    account: items.find(({ id }) => id === things.account),
  }
}
