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
  /**
   * The one that is asked for: a version by its number, or the one in force at an instant that is settled.
   * @throws Problem 404 `policy.unknown-version`
   */
  asked(knownAt: Date, version: number | undefined): Promise<Policy>
}
