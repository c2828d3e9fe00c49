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
const TYPES = [
  'application/json',
  'application/json',
  'application/json',
  'application/json',
  'text/plain',
  'application/xml',
  '',
]
const DEPTH = 4

/** Makes random requests. */
export class Nonsense {
  private state: number

  constructor(seed: number) {
    this.state = seed >>> 0 || 1
  }

  /** A number from 0 up to but not including 1 (mulberry32). */
  private next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let t = this.state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }

  private chance(share: number): boolean {
    return this.next() < share
  }

  /** One of some. */
  of<T>(some: readonly T[]): T {
    return some[Math.floor(this.next() * some.length)] as T
  }

  /** Any value. */
  value(depth = 0): unknown {
    const kind = this.next()
    if (depth >= DEPTH || kind < 0.35) return this.of(TEXTS)
    if (kind < 0.5) return this.of(NUMBERS)
    if (kind < 0.6) return this.of([null, true, false, [], {}])
    const size = Math.floor(this.next() * 4)
    if (kind < 0.75) return Array.from({ length: size }, () => this.value(depth + 1))
    return Object.fromEntries(
      Array.from({ length: size }, () => [
        this.chance(0.8) ? this.of(KEYS) : this.of(TEXTS).slice(0, 50),
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
    const more = this.chance(0.3) ? [[this.of(KEYS), this.value(1)] as const] : []
    return Object.fromEntries(this.chance(0.2) ? changed.filter((_, i) => i !== at) : [...changed, ...more])
  }

  /** A body, of any shape or nearly sound, now and then no JSON at all. */
  body(sound: unknown): { text: string; type: string } {
    const value = this.chance(0.5) && sound !== undefined ? this.spoilt(sound) : this.value()
    const json = JSON.stringify(value) ?? ''
    const text = this.chance(0.1) ? json.slice(0, Math.floor(this.next() * json.length)) : json
    return { text, type: this.of(TYPES) }
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
    return this.of([
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
    return this.of(TEXTS)
      .replace(/[\ud800-\udfff]/g, '')
      .slice(0, 2_000)
  }
}
