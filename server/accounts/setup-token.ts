import { randomBytes } from 'node:crypto'
import { isSameSecret } from './keys.ts'

/** The one-time secret of the set-up link, made at each start and known to whoever can read its output. */
export class SetUpToken {
  readonly value = randomBytes(24).toString('base64url')

  matches(given: string | undefined): boolean {
    return isSameSecret(this.value, given ?? '')
  }
}
