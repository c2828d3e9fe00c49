import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { Request, Response } from 'express'
import type { Keys } from './keys.ts'

const COOKIE = 'fleet.device'
/** The longest that browsers keep a cookie. */
const MAX_AGE_MS = 400 * 24 * 3600_000
const MOST_ACCOUNTS = 8
const FORM = /^([\w-]{16})((?:\.[\w-]{43})*)$/

/** A browser that people have signed in from. */
export interface Device {
  id: string
  /** one for each account, which nobody can make without the key */
  marks: readonly string[]
}

/**
 * Browsers that an account was signed in from before: the brake on strangers does not hold them, so that nobody can
 * lock another out by guessing. The cookie opens nothing.
 */
export class Devices {
  private readonly keys: Keys

  constructor(keys: Keys) {
    this.keys = keys
  }

  /** The device of a request, whether or not it is genuine; null when it names none. */
  of(req: Request): Device | null {
    const value = new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w.-]*)`).exec(req.headers.cookie ?? '')?.[1]
    const [, id, marks = ''] = FORM.exec(value ?? '') ?? []
    return id === undefined ? null : { id, marks: marks.split('.').filter((mark) => mark !== '') }
  }

  /** Whether the account of an address was signed in from a device before. */
  knows(device: Device | null, email: string): boolean {
    if (!device) return false
    const own = Buffer.from(this.mark(device.id, email))
    return device.marks.some((mark) => mark.length === own.length && timingSafeEqual(Buffer.from(mark), own))
  }

  /** Remembers that the account of an address was signed in from the device of a request. */
  remember(req: Request, res: Response, email: string): void {
    const device = this.of(req)
    if (this.knows(device, email)) return
    const id = device?.id ?? randomBytes(12).toString('base64url')
    const marks = [this.mark(id, email), ...(device?.marks ?? [])].slice(0, MOST_ACCOUNTS)
    res.cookie(COOKIE, [id, ...marks].join('.'), {
      ...{ httpOnly: true, sameSite: 'lax', secure: req.secure, maxAge: MAX_AGE_MS, path: '/api/v1' },
    })
  }

  private mark(id: string, email: string): string {
    return this.keys.mac('device', `${id}|${email}`)
  }
}
