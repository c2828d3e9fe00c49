import type { Policy } from '../domain/policy.ts'

/** Where figures get their rules from: the policy's versions, each in force from an instant of the ledger's clock on. */
export interface PolicySource {
  /** The policy of now, as this process knows it: at most a few seconds behind what another process published. */
  current(): Policy
  /**
   * The policy in force at an instant, exactly, whoever published it.
   * @param knownAt settled (see LedgerClock): no later than its horizon
   */
  at(knownAt: Date): Promise<Policy>
  /** A version by its number, or undefined. */
  version(version: number): Promise<Policy | undefined>
}
