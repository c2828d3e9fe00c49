import { isDuplicateKey } from '../changes/writer-lock.ts'
import { DEFAULT_POLICY, SHIPPED } from '../domain/policies/index.ts'
import type { Policy } from '../domain/policy.ts'
import { effectivePolicy } from '../domain/policy-readings.ts'
import { setRegions } from '../domain/regions.ts'
import { Problem } from '../http/problem.ts'
import type { PolicyDoc, PolicyModel } from './model.ts'
import type { PolicySource } from './source.ts'

/** How often a process looks for versions that another one published. */
const POLL_MS = 2_000

/** A version, ready for use. */
export interface Version {
  /** its rules as figures are made by them: readings applied */
  policy: Policy
  doc: PolicyDoc
}

/** The policy's versions, kept in memory: there are few, and none is ever edited. */
export class Policies implements PolicySource {
  private readonly model: PolicyModel
  private readonly wanted: string | undefined
  /** by version, ascending; versions take effect in that order */
  private known: Version[] = []
  /** every version in force by this instant is known */
  private checkedUpTo = new Date(-1)
  private timer: NodeJS.Timeout | undefined

  /** @param wanted id of the shipped policy that a new database gets; what the database holds, or the default */
  constructor(model: PolicyModel, wanted?: string) {
    this.model = model
    this.wanted = wanted
  }

  /**
   * Reads the versions; on a new database the shipped policy becomes the first. From then on looks for new ones.
   * @throws Error when the setting names no shipped policy, or another than the database holds
   */
  async start(): Promise<void> {
    await this.read()
    if (this.known.length === 0) await this.ship(this.wanted ?? DEFAULT_POLICY)
    const { id } = this.current()
    if (this.wanted !== undefined && this.wanted !== id)
      throw new Error(
        `数据库中是政策 ${id},POLICY 却为 ${this.wanted}:另一城市需另用数据库 / The database holds the policy ` +
          `${id}, but POLICY says ${this.wanted}: another city needs a database of its own`,
      )
    this.timer ??= setInterval(() => void this.read().catch(() => undefined), POLL_MS).unref()
  }

  /** Looks for new versions no more. */
  stop(): void {
    clearInterval(this.timer)
    this.timer = undefined
  }

  current(): Policy {
    return this.latest().policy
  }

  /** The version of now with its document. */
  latest(): Version {
    const latest = this.known.at(-1)
    if (!latest) throw new Error('The policies have not been started')
    return latest
  }

  async at(knownAt: Date): Promise<Policy> {
    if (knownAt > this.checkedUpTo) await this.read(knownAt)
    const inForce = this.known.findLast(({ doc }) => doc.takesEffectAt <= knownAt)
    // Before everything there was, the first applied.
    return (inForce ?? this.known[0] ?? this.latest()).policy
  }

  async asked(knownAt: Date, version: number | undefined): Promise<Policy> {
    if (version === undefined) return this.at(knownAt)
    const find = () => this.known.find(({ policy }) => policy.version === version)?.policy
    if (!find()) await this.read()
    const found = find()
    if (!found)
      throw new Problem(404, 'policy.unknown-version', `There is no version ${version} of the policy`)
    return found
  }

  /** All versions, the newest first. */
  async versions(): Promise<Version[]> {
    await this.read()
    return this.known.toReversed()
  }

  /** Reads what is not known yet. @param settled an instant up to which nothing more can be published */
  private async read(settled?: Date): Promise<void> {
    const known = this.known.map(({ doc }) => doc._id)
    const found = await this.model.collection.find<PolicyDoc>({ _id: { $nin: known } } as never).toArray()
    this.add(found)
    if (settled && settled > this.checkedUpTo) this.checkedUpTo = settled
  }

  private add(docs: readonly PolicyDoc[]): void {
    const fresh = docs.filter((doc) => !this.known.some((v) => v.doc._id === doc._id))
    if (fresh.length === 0) return
    this.known = [
      ...this.known,
      ...fresh.map((doc): Version => ({ doc, policy: effectivePolicy(doc.policy) })),
    ].sort((a, b) => a.policy.version - b.policy.version)
    setRegions(this.current())
  }

  private async ship(id: string): Promise<void> {
    const policy = SHIPPED[id]
    if (!policy)
      throw new Error(
        `POLICY 所指的 ${id} 不存在，可用的有 / POLICY names ${id}, which does not ship; there are: ` +
          Object.keys(SHIPPED).join(', '),
      )
    const first = { _id: `${id}@1`, policy, takesEffectAt: new Date(0), recordedBy: null, note: null }
    try {
      await this.model.collection.insertOne(first as never)
    } catch (error) {
      // Another process on the same database was first.
      if (!isDuplicateKey(error)) throw error
    }
    await this.read()
  }
}
