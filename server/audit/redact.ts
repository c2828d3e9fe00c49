/** Makes what a request touched fit to be kept: without secrets, of bounded size, in plain values. */

/** Names whose values are secrets wherever they stand, in small letters without separators. */
const SECRET = new Set([
  'password',
  'currentpassword',
  'newpassword',
  'passwordhash',
  'passwordhistory',
  'hash',
  'salt',
  'nonce',
  'authenticator',
  'token',
  'tokenhash',
  'secret',
  'secondfactorsecret',
  'pendingsecret',
  'code',
  'codes',
  'recoverycode',
  'recoverycodes',
  'otp',
  'totp',
  'uri',
  'cookie',
  'authorization',
  'session',
  'sessionid',
  'sid',
])
/** The present password, as a change of password names it; elsewhere `current` is a yes or no. */
const SECRET_TEXT = new Set(['current'])

/** Texts that are secrets under any name: API tokens, addresses of authenticators, password hashes. */
const SECRET_FORM = /\bflt_[\w-]{8,}|otpauth:\/\/|\$argon2|#token=/

const MOST_TEXT = 500
const MOST_ITEMS = 40
const MOST_FIELDS = 80
const MOST_DEPTH = 6

/** What stands where something was cut out. */
export const CUT = '***'

/**
 * A value as the audit log keeps it: dates and ids as texts, long texts and lists cut, secrets cut out by the name of
 * their field and by their form.
 */
export function redacted(value: unknown, depth = 0): unknown {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value
  if (typeof value === 'string') return text(value)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (typeof value !== 'object') return value === undefined ? undefined : String(value)
  if ('toHexString' in value && typeof value.toHexString === 'function') return String(value.toHexString())
  if (depth >= MOST_DEPTH) return '…'
  if (Array.isArray(value)) return list(value, depth)
  return fields(value, depth)
}

function text(value: string): string {
  if (SECRET_FORM.test(value)) return CUT
  return value.length > MOST_TEXT ? `${value.slice(0, MOST_TEXT)}…` : value
}

function list(values: unknown[], depth: number): unknown[] {
  const kept = values.slice(0, MOST_ITEMS).map((item) => redacted(item, depth + 1) ?? null)
  return values.length > MOST_ITEMS ? [...kept, `… +${values.length - MOST_ITEMS}`] : kept
}

function fields(value: object, depth: number): Record<string, unknown> {
  const all = Object.entries(value instanceof Map ? Object.fromEntries(value) : value)
  const kept: Record<string, unknown> = {}
  for (const [name, item] of all.slice(0, MOST_FIELDS)) {
    const plain = redacted(isSecret(name, item) ? CUT : item, depth + 1)
    if (plain !== undefined) kept[fieldName(name)] = plain
  }
  return kept
}

function isSecret(name: string, value: unknown): boolean {
  if (value === null || value === undefined || typeof value === 'boolean') return false
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '')
  return SECRET.has(plain) || (typeof value === 'string' && SECRET_TEXT.has(plain))
}

/** A name that the database takes: no NUL, no operator. */
const fieldName = (name: string): string =>
  name.replaceAll('\0', '').replace(/^\$/, '＄').slice(0, 100) || '_'

/**
 * What differs of two states of a thing, field by field; a thing that is made or ends stays whole. They are compared
 * before anything is cut, so that what differs behind a cut is told too.
 * @returns both sides with the differing fields only, fit to be kept
 */
export function difference(before: unknown, after: unknown): { before: unknown; after: unknown } {
  const [was, is] = [fieldsOf(before), fieldsOf(after)]
  if (!was || !is) return { before: redacted(before ?? null), after: redacted(after ?? null) }
  const names = [...new Set([...was.keys(), ...is.keys()])].filter(
    (name) => whole(was.get(name)) !== whole(is.get(name)),
  )
  const only = (from: ReadonlyMap<string, unknown>) =>
    redacted(Object.fromEntries(names.map((name) => [name, from.get(name) ?? null])))
  return { before: only(was), after: only(is) }
}

/** The fields of a state; undefined for what has none. */
function fieldsOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (value instanceof Map) return value
  const isState = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isState && !(value instanceof Date) && !('toHexString' in value)
    ? new Map(Object.entries(value))
    : undefined
}

/** All of a value as a text, for comparing it with another. */
const whole = (value: unknown): string =>
  JSON.stringify(value ?? null, (_name, item: unknown) =>
    item instanceof Map ? Object.fromEntries(item) : typeof item === 'bigint' ? String(item) : item,
  )
