import { hash, verify } from '@node-rs/argon2'

/** OWASP's first choice for argon2id: 19 MiB, two passes. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

let decoy: Promise<string> | undefined

/** The argon2id hash of a password. */
export const hashPassword = (password: string): Promise<string> => hash(password, COST)

/**
 * Whether a password is the one of a hash.
 * @param passwordHash null where there is none: the answer is no, and takes as long as any other
 */
export async function isPassword(passwordHash: string | null, password: string): Promise<boolean> {
  // Made at the first use rather than at the start, which it would slow down.
  decoy ??= hashPassword('no account has this password')
  const fits = await verify(passwordHash ?? (await decoy), password)
  return fits && passwordHash !== null
}
