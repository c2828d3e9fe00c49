import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Compliance } from '../../server/compliance/schema.ts'
import type { ImportView } from '../../server/imports/schema.ts'

/** An answer, with its body read. */
export interface Answer<T = Record<string, unknown>> {
  status: number
  body: T
  headers: Headers
}

/** A user of the HTTP API with a cookie of its own. */
export class Client {
  base: string
  cookie = ''

  constructor(base: string) {
    this.base = base
  }

  /** Sends a request below /api/v1 (or to an absolute path that begins with `//`). */
  async send<T = Record<string, unknown>>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer<T>> {
    const url = path.startsWith('//') ? `${this.base}${path.slice(1)}` : `${this.base}/api/v1${path}`
    const form = body instanceof FormData
    const response = await fetch(url, {
      method,
      headers: {
        ...(body !== undefined && !form ? { 'content-type': 'application/json' } : {}),
        ...(this.cookie ? { cookie: this.cookie } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: form || typeof body === 'string' ? body : JSON.stringify(body) }),
      redirect: 'manual',
    })
    const set = response.headers.getSetCookie().find((c) => c.startsWith('fleet.sid='))
    if (set) this.cookie = set.split(';')[0] ?? ''
    const text = await response.text()
    const json = response.headers.get('content-type')?.includes('json')
    return { status: response.status, body: (json && text ? JSON.parse(text) : text) as T, headers: response.headers }
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
  upload(name: string, bytes: Uint8Array | string): Promise<Answer<{ id: string; status: string; code?: string }>> {
    const form = new FormData()
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
      if (body.status === 'failed' || Date.now() > deadline) throw new Error(`the upload is ${JSON.stringify(body)}`)
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
  }

  /** Sends a list, waits for its check, approves it where it has anything new, and waits until it is applied. */
  async sendAndApprove(path: string): Promise<ImportView> {
    const sent = await this.uploadFile(path)
    if (sent.status !== 202) throw new Error(`the upload answered ${sent.status} ${JSON.stringify(sent.body)}`)
    const checked = await this.importIn(sent.body.id, 'checked')
    if (checked.counts.new === 0) return checked
    const approved = await this.post(`/imports/${sent.body.id}/approve`)
    if (approved.status !== 202) throw new Error(`approving answered ${approved.status} ${JSON.stringify(approved.body)}`)
    return this.importIn(sent.body.id, 'applied')
  }

  /** Figures by rule id. */
  async figures(query = ''): Promise<Record<string, Compliance['rules'][number]>> {
    const { status, body } = await this.get<Compliance>(`/compliance${query}`)
    if (status !== 200) throw new Error(`compliance answered ${status} ${JSON.stringify(body)}`)
    return Object.fromEntries(body.rules.map((r) => [r.id, r]))
  }
}
