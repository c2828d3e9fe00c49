import type { Request, RequestHandler } from 'express'
import { digest } from './keys.ts'
import type { AccountDoc } from './model.ts'

const KEPT = 10_000

/**
 * Reads a session's account while the session itself is being read, which saves each request one wait for the database.
 * A session is only ever one account's, so which account a cookie led to the last time says which will be needed; the
 * session, once it is read, decides. Nothing of an account is kept: only which one it was, by a digest of the cookie.
 */
export class AccountsAhead {
  private readonly read: (account: string) => Promise<AccountDoc | null>
  private readonly known = new Map<string, string>()
  private readonly reading = new WeakMap<Request, { account: string; doc: Promise<AccountDoc | null> }>()

  constructor(read: (account: string) => Promise<AccountDoc | null>) {
    this.read = read
  }

  /** Begins to read the account that a request's cookie led to before. */
  readonly begin: RequestHandler = (req, _res, next) => {
    const key = keyOf(req)
    const account = key === undefined ? undefined : this.known.get(key)
    if (account !== undefined) {
      const doc = this.read(account)
      // Whether it is needed at all is decided later.
      doc.catch(() => undefined)
      this.reading.set(req, { account, doc })
    }
    next()
  }

  /** The account of a request's session: the one that is being read if it is that one. */
  accountOf(req: Request, account: string): Promise<AccountDoc | null> {
    const ahead = this.reading.get(req)
    if (ahead?.account === account) return ahead.doc
    const key = keyOf(req)
    if (key !== undefined) {
      if (this.known.size >= KEPT) this.known.clear()
      this.known.set(key, account)
    }
    return this.read(account)
  }
}

const keyOf = ({ headers }: Request): string | undefined =>
  headers.cookie === undefined || headers.authorization !== undefined ? undefined : digest(headers.cookie)
