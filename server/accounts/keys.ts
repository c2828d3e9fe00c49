import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'

/** What a key is for; each purpose has its own, so that what one made is of no use to another. */
export type Purpose =
  | 'link'
  | 'device'
  | 'recovery-code'
  | 'second-factor'
  | 'mail'
  | 'open-data'
  | 'nil-report'
  | 'unsubscribe'

const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * The keys derived from SESSION_SECRET: whoever has a copy of the database, and not the secret, cannot make links or
 * codes of what stands in it.
 */
export class Keys {
  private readonly secret: string
  private readonly derived = new Map<Purpose, Buffer>()

  constructor(secret: string) {
    this.secret = secret
  }

  /** A text's authentication code (HMAC-SHA-256), in base64url. */
  mac(purpose: Purpose, text: string): string {
    return createHmac('sha256', this.key(purpose)).update(text).digest('base64url')
  }

  /**
   * Encrypts a text (AES-256-GCM).
   * @param context what it belongs to; it can be opened as that only
   */
  seal(purpose: Purpose, text: string, context: string): string {
    const iv = randomBytes(IV_BYTES)
    const cipher = createCipheriv('aes-256-gcm', this.key(purpose), iv).setAAD(Buffer.from(context))
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')
  }

  /** Opens what `seal` made; null when it was altered, belongs to something else, or was made with another secret. */
  open(purpose: Purpose, sealed: string, context: string): string | null {
    const bytes = Buffer.from(sealed, 'base64url')
    if (bytes.length < IV_BYTES + TAG_BYTES) return null
    const decipher = createDecipheriv('aes-256-gcm', this.key(purpose), bytes.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    })
    decipher.setAAD(Buffer.from(context))
    decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
    try {
      const body = bytes.subarray(IV_BYTES + TAG_BYTES)
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
    } catch {
      return null
    }
  }

  private key(purpose: Purpose): Buffer {
    const known = this.derived.get(purpose)
    if (known) return known
    const key = Buffer.from(hkdfSync('sha256', this.secret, '', `fleet-ledger ${purpose}`, 32))
    this.derived.set(purpose, key)
    return key
  }
}

/** SHA-256 in base64url: for secrets with enough randomness of their own, and for keys that should not be readable. */
export const digest = (text: string): string => createHash('sha256').update(text).digest('base64url')

/** Whether somebody has a secret, compared in a time that tells nothing of how much of it is right. */
export function isSameSecret(own: string, given: string): boolean {
  const [one, other] = [Buffer.from(own), Buffer.from(given)]
  return one.length === other.length && timingSafeEqual(one, other)
}
