import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Role } from '../../server/accounts/schema.ts'
import type { ChangeView, Effect } from '../../server/changes/schema.ts'
import type { Compliance } from '../../server/compliance/schema.ts'
import { vinCheckCharacter } from '../../server/domain/vin.ts'
import type { ProblemBody } from '../../server/http/schema.ts'
import type { ImportRowView, ImportView } from '../../server/imports/schema.ts'
import type { TestService } from './service.ts'

/** An answer, with its body read. */
export interface Answer<T = Record<string, unknown>> {
  status: number
  body: T
  headers: Headers
}

/** A page of a list. */
export interface Page<T> {
  items: T[]
  nextCursor: string | null
  total?: number
}

/** A recorded change, or the problem that stood in its way. */
export type Recorded = ChangeView & ProblemBody & { effects: Effect[]; warnings: { code: string }[] }

/** A user of the HTTP API with a cookie of its own. */
export class Client {
  base: string
  cookie = ''
  private readonly always: Record<string, string>

  /** @param always headers that go with every request */
  constructor(base: string, always: Record<string, string> = {}) {
    this.base = base
    this.always = always
  }

  /** Sends a request below /api/v1 (or to an absolute path that begins with `//`). */
  async send<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const url = path.startsWith('//') ? `${this.base}${path.slice(1)}` : `${this.base}/api/v1${path}`
    const form = body instanceof FormData
    const response = await fetch(url, {
      method,
      headers: {
        ...(body !== undefined && !form ? { 'content-type': 'application/json' } : {}),
        ...(this.cookie ? { cookie: this.cookie } : {}),
        ...this.always,
        ...headers,
      },
      ...(body === undefined ? {} : { body: form || typeof body === 'string' ? body : JSON.stringify(body) }),
      redirect: 'manual',
    })
    const set = response.headers.getSetCookie().find((c) => c.startsWith('fleet.sid='))
    if (set) this.cookie = set.split(';')[0] ?? ''
    const text = await response.text()
    const json = response.headers.get('content-type')?.includes('json')
    return {
      status: response.status,
      body: (json && text ? JSON.parse(text) : text) as T,
      headers: response.headers,
    }
  }

  get<T = Record<string, unknown>>(path: string): Promise<Answer<T>> {
    return this.send<T>('GET', path)
  }

  post<T = Record<string, unknown>>(path: string, body?: unknown): Promise<Answer<T>> {
    return this.send<T>('POST', path, body ?? {})
  }

  async signIn(email: string, password: string): Promise<void> {
    const { status, body } = await this.post('/session', { email, password })
    if (status !== 200) throw new Error(`sign-in answered ${status} ${JSON.stringify(body)}`)
  }

  /** Sends a file as an upload. */
  upload(
    name: string,
    bytes: Uint8Array | string,
    fields: Record<string, string> = {},
  ): Promise<Answer<{ id: string; status: string; code?: string }>> {
    const form = new FormData()
    for (const [field, value] of Object.entries(fields)) form.set(field, value)
    form.set('file', new Blob([typeof bytes === 'string' ? bytes : new Uint8Array(bytes)]), name)
    return this.send('POST', '/imports', form)
  }

  uploadFile(path: string) {
    return this.upload(basename(path), readFileSync(path))
  }

  /** Waits until an upload has one of the states. */
  async importIn(id: string, ...states: string[]): Promise<ImportView> {
    const deadline = Date.now() + 60_000
    for (;;) {
      const { body } = await this.get<ImportView>(`/imports/${id}`)
      if (states.includes(body.status)) return body
      if (body.status === 'failed' || Date.now() > deadline)
        throw new Error(`the upload is ${JSON.stringify(body)}`)
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
  }

  /** Sends a list, waits for its check, approves it where it has anything new, and waits until it is applied. */
  sendAndApprove(path: string): Promise<ImportView> {
    return this.record(basename(path), readFileSync(path))
  }

  /** The same for a list at hand. */
  async record(name: string, bytes: Uint8Array | string): Promise<ImportView> {
    const sent = await this.upload(name, bytes)
    if (sent.status !== 202)
      throw new Error(`the upload answered ${sent.status} ${JSON.stringify(sent.body)}`)
    const checked = await this.importIn(sent.body.id, 'checked')
    if (checked.counts.toRecord === 0) return checked
    const approved = await this.post(`/imports/${sent.body.id}/approve`)
    if (approved.status !== 202)
      throw new Error(`approving answered ${approved.status} ${JSON.stringify(approved.body)}`)
    return this.importIn(sent.body.id, 'applied')
  }

  /** Sends a list and waits for its check. */
  async check(name: string, bytes: Uint8Array | string): Promise<ImportView> {
    const sent = await this.upload(name, bytes)
    if (sent.status !== 202)
      throw new Error(`the upload answered ${sent.status} ${JSON.stringify(sent.body)}`)
    return this.importIn(sent.body.id, 'checked')
  }

  /** Mends rows of a list, and waits for the end of its new check where the answer did not. */
  async mend(
    id: string,
    rows: { seq: number; cells: Record<string, string | null> }[],
  ): Promise<Answer<{ view: ImportView; rows: ImportRowView[] }>> {
    const answer = await this.post<{ view: ImportView; rows: ImportRowView[] }>(`/imports/${id}/mend`, {
      rows,
    })
    if (answer.status !== 200 || answer.body.view.status === 'checked') return answer
    const view = await this.importIn(id, 'checked')
    const all = await this.all<ImportRowView>(`/imports/${id}/rows?`)
    return { ...answer, body: { view, rows: all.filter(({ seq }) => rows.some((r) => r.seq === seq)) } }
  }

  /** Enters a change by hand. */
  change(body: Record<string, unknown>, query = ''): Promise<Answer<Recorded>> {
    return this.post<Recorded>(`/changes${query}`, body)
  }

  /** Enters a change by hand that must be accepted. One that breaks a target names its `breachReason`. */
  async mustChange(body: Record<string, unknown>): Promise<Recorded> {
    const { status, body: made } = await this.change(body)
    if (status !== 201) throw new Error(`recording answered ${status} ${JSON.stringify(made)}`)
    return made
  }

  /** Every item of a list, page by page. `path` already has a `?`. */
  async all<T>(path: string, limit = 200): Promise<T[]> {
    const items: T[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const { status, body }: Answer<Page<T>> = await this.get(
        `${path}&limit=${limit}${cursor && `&cursor=${cursor}`}`,
      )
      if (status !== 200) throw new Error(`${path} answered ${status} ${JSON.stringify(body)}`)
      items.push(...body.items)
      cursor = body.nextCursor
    }
    return items
  }

  /** Figures by rule id. */
  async figures(query = ''): Promise<Record<string, Compliance['rules'][number]>> {
    const { status, body } = await this.get<Compliance>(`/compliance${query}`)
    if (status !== 200) throw new Error(`compliance answered ${status} ${JSON.stringify(body)}`)
    return Object.fromEntries(body.rules.map((r) => [r.id, r]))
  }
}

/** Fetches a file below /api/v1. */
export async function download(client: Client, path: string) {
  const response = await fetch(`${client.base}/api/v1${path}`, { headers: { cookie: client.cookie } })
  const { status, headers } = response
  return { status, headers, bytes: Buffer.from(await response.arrayBuffer()) }
}

/** The n-th VIN of a test, with the right check character. */
export function vinOf(n: number): string {
  const tail = `P${String(n).padStart(7, '0')}`
  return `LGXC16AB${vinCheckCharacter(`LGXC16AB0${tail}`)}${tail}`
}

/** The n-th plate of a test: of a fuel vehicle, or with a type letter (D battery-electric, F other) of a new-energy one. */
export const plateOf = (n: number, letter: '' | 'D' | 'F' = ''): string =>
  `闽H${letter}${String(n).padStart(5, '0')}`

/** What is entered of a test's n-th vehicle, a diesel truck unless told otherwise. */
export function vehicleOf(n: number, facts: Record<string, unknown> = {}) {
  const energy = facts.energy ?? 'diesel'
  const letter = energy === 'BEV' ? 'D' : energy === 'PHEV' || energy === 'FCEV' ? 'F' : ''
  const plain = { category: 'truck', energy, county: '350702', operator: '延平货运公司' }
  const emission = energy === 'BEV' || energy === 'FCEV' ? {} : { emission: '3' }
  return { vin: vinOf(n), plate: plateOf(n, letter), ...plain, ...emission, ...facts }
}

const COLUMNS = {
  plate: '车牌号',
  vin: '车架号',
  category: '车辆类别',
  energy: '能源类型',
  emission: '排放标准',
  registeredOn: '注册日期',
  operator: '所属企业',
  county: '县(市、区)',
  kind: '变动类型',
  on: '变动日期',
  replaces: '被更新车牌号',
  reason: '淘汰方式',
  packs: '更换电池块数',
} as const

/** A list in CSV of rows by field; the values may be the API's codes. */
export function csvOf(rows: Record<string, unknown>[]): string {
  const lines = rows.map((row) =>
    Object.keys(COLUMNS)
      .map((field) => String(row[field] ?? ''))
      .join(','),
  )
  return `${[Object.values(COLUMNS).join(','), ...lines].join('\n')}\n`
}

/** People with an account, by the part of the city that they see. */
export interface Person {
  role: Role
  county?: string
  operator?: string
}

/** Somebody with an account, signed in. */
export type Named = Client & { id: string; email: string }

export const PASSWORD = 'long enough to be taken'

let people = 0
/** A signed-in account. An operator is named by its id or name, and registered when nobody has yet. */
export async function person(
  service: TestService,
  { role, county, operator }: Person,
): Promise<Named & { operator: string | null }> {
  const email = `${role}-${++people}@example.com`
  const limits = {
    ...(role === 'county-officer' ? { county: county ?? '350702' } : {}),
    ...(role === 'viewer' && county ? { county } : {}),
    ...(role === 'operator' ? { operator: await operatorOf(service, operator ?? '延平货运公司') } : {}),
  }
  const given = { email, name: `${role} ${people}`, password: PASSWORD, role, ...limits }
  const made = await service.admin.post<{ id: string }>('/accounts', given)
  if (made.status !== 201) throw new Error(`the account was not made: ${JSON.stringify(made.body)}`)
  const client = service.visitor()
  await client.signIn(email, PASSWORD)
  return Object.assign(client, { id: made.body.id, email, operator: limits.operator ?? null })
}

/** The id of the operator with an id or name, registered if need be. */
export async function operatorOf(service: TestService, named: string): Promise<string> {
  const { items } = (await service.admin.get<{ items: { id: string; name: string }[] }>('/operators')).body
  const known = items.find(({ id, name }) => id === named || name === named)
  if (known) return known.id
  const made = await service.admin.post<{ id: string }>('/operators', { name: named })
  if (made.status !== 201) throw new Error(`the operator was not made: ${JSON.stringify(made.body)}`)
  return made.body.id
}
