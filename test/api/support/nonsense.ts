import { Random } from '../../../server/sample/random.ts'

/** Requests that nobody would send by mistake, the same for the same seed. */

const LONG = '长'.repeat(70_000)
const TEXTS = [
  ...[
    '',
    ' ',
    '\0',
    'a\0b',
    LONG,
    'x'.repeat(5_000),
    '=cmd|calc',
    '<script>alert(1)</script>',
    '../../etc/passwd',
  ],
  ...[
    '$where',
    'null',
    'true',
    '__proto__',
    '{"$gt":""}',
    '%00',
    '\ud800',
    '\u202e',
    '闽H00100',
    'LGXC16AB',
    '9'.repeat(400),
  ],
  ...[
    '2026-02-30',
    '0000-00-00',
    '2026-13-01',
    '9999-12-31',
    '２０２６-01-01',
    '1e999',
    '-1',
    'NaN',
    'stock',
    'retired',
  ],
]
const NUMBERS = [0, -1, 1.5, 1e308, -0, Number.MAX_SAFE_INTEGER, 2 ** 53, 1e-9]
const KEYS = [
  '$gt',
  '$where',
  '__proto__',
  'constructor',
  'prototype',
  'length',
  '_id',
  'role',
  'vehicle',
  'kind',
  'on',
  '',
]
const OTHER_TYPES = ['text/plain', 'application/xml', 'multipart/form-data', '']
const FILES = ['list.csv', '../../etc/passwd', 'a\0b.pdf', `${'n'.repeat(400)}.xlsx`, '证明.pdf.exe', '']
const DEPTH = 4

/** Makes random requests. */
export class Nonsense extends Random {
  /** Any value. */
  value(depth = 0): unknown {
    const kind = this.next()
    if (depth >= DEPTH || kind < 0.35) return this.pick(TEXTS)
    if (kind < 0.5) return this.pick(NUMBERS)
    if (kind < 0.6) return this.pick([null, true, false, [], {}])
    const size = Math.floor(this.next() * 4)
    if (kind < 0.75) return Array.from({ length: size }, () => this.value(depth + 1))
    return Object.fromEntries(
      Array.from({ length: size }, () => [
        this.chance(0.8) ? this.pick(KEYS) : this.pick(TEXTS).slice(0, 50),
        this.value(depth + 1),
      ]),
    )
  }

  /** A sound value with something in it gone wrong. */
  spoilt(value: unknown): unknown {
    if (this.chance(0.15) || typeof value !== 'object' || value === null) return this.value(1)
    const entries = Object.entries(value)
    if (entries.length === 0) return this.value(1)
    if (Array.isArray(value)) return value.map((item) => (this.chance(0.5) ? this.spoilt(item) : item))
    const at = Math.floor(this.next() * entries.length)
    const changed = entries.map(([key, item], i) => [key, i === at ? this.spoilt(item) : item] as const)
    const more = this.chance(0.3) ? [[this.pick(KEYS), this.value(1)] as const] : []
    return Object.fromEntries(this.chance(0.2) ? changed.filter((_, i) => i !== at) : [...changed, ...more])
  }

  /** A body, of any shape or nearly sound, now and then no JSON at all, or not called so. */
  body(sound: unknown): { sent: string; type: string } {
    const value = this.chance(0.5) && sound !== undefined ? this.spoilt(sound) : this.value()
    const json = JSON.stringify(value) ?? ''
    const sent = this.chance(0.1) ? json.slice(0, Math.floor(this.next() * json.length)) : json
    return { sent, type: this.chance(0.95) ? 'application/json' : this.pick(OTHER_TYPES) }
  }

  /** A form with its fields or its file gone wrong. */
  form(sound: FormData): FormData {
    const form = new FormData()
    for (const [name, value] of sound) {
      if (this.chance(0.1)) continue
      if (typeof value === 'string') form.append(name, this.chance(0.5) ? this.pick(TEXTS) : value)
      else form.append(name, this.chance(0.5) ? value : this.file(), this.pick(FILES))
    }
    if (this.chance(0.3)) form.append(this.pick(KEYS), this.pick(TEXTS))
    return form
  }

  private file(): Blob {
    const bytes = Array.from({ length: this.int(0, 400) }, () => this.int(0, 255))
    return new Blob([this.chance(0.5) ? this.pick(TEXTS) : new Uint8Array(bytes)])
  }

  /** An address with an id or a part of its query gone wrong, or as it is. */
  path(path: string): string {
    const [route = '', query = ''] = path.split('?')
    const parts = route
      .split('/')
      .map((part) => (part.length > 12 && this.chance(0.2) ? encodeURIComponent(this.word()) : part))
    const pairs = query.split('&').filter((pair) => pair !== '')
    if (this.chance(0.4)) pairs.push(`${this.name()}=${encodeURIComponent(this.word())}`)
    if (pairs.length > 0 && this.chance(0.3)) {
      const at = Math.floor(this.next() * pairs.length)
      pairs[at] = `${pairs[at]?.split('=')[0] ?? ''}=${encodeURIComponent(this.word())}`
    }
    return pairs.length > 0 ? `${parts.join('/')}?${pairs.join('&')}` : parts.join('/')
  }

  private name(): string {
    return this.pick([
      'limit',
      'cursor',
      'q',
      'asOf',
      'knownAt',
      'county',
      'operator',
      'from',
      'limit[$gt]',
      'kind',
      'dryRun',
      '%24where',
    ])
  }

  /** A text that fits an address: no half of a character, no more than a server takes. */
  private word(): string {
    return this.pick(TEXTS)
      .replace(/[\ud800-\udfff]/g, '')
      .slice(0, 2_000)
  }
}
