import { TOTP } from 'otpauth'

/** An authenticator, as on a telephone, for the address that the service gave. */
export interface TestAuthenticator {
  /** the code of the time step of an instant, or of one so many steps later */
  code(now: Date, steps?: number): string
}

/** @param secret the secret in base 32, as a person types it */
export function authenticator(secret: string): TestAuthenticator {
  const totp = new TOTP({ secret, algorithm: 'SHA1', digits: 6, period: 30 })
  return { code: (now, steps = 0) => totp.generate({ timestamp: now.getTime() + steps * 30_000 }) }
}
