import { randomBytes, timingSafeEqual } from 'node:crypto'

/** The one-time secret of the set-up link, made at each start and known to whoever can read its output. */
export class SetUpToken {
  readonly value = randomBytes(24).toString('base64url')

  matches(given: string | undefined): boolean {
    const own = Buffer.from(this.value)
    const other = Buffer.from(given ?? '')
    return own.length === other.length && timingSafeEqual(own, other)
  }
}
