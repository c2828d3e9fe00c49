import { z } from 'zod'
import type { LedgerClock } from '../changes/ledger-clock.ts'
import { isDuplicateKey, type WriterLock } from '../changes/writer-lock.ts'
import type { ComplianceService } from '../compliance/service.ts'
import type { Assessment } from '../domain/assessment.ts'
import type { Policy } from '../domain/policy.ts'
import { policyChanges } from '../domain/policy-changes.ts'
import { effectivePolicy } from '../domain/policy-readings.ts'
import { invalidRequest, notFound, Problem } from '../http/problem.ts'
import type { Caller } from '../http/route.ts'
import type { PolicyDoc, PolicyModel } from './model.ts'
import type { PolicyDocument, PolicyPreview, PolicyVersion, PolicyView, Standing } from './schema.ts'
import type { Policies, Version } from './service.ts'

interface Parts {
  model: PolicyModel
  policies: Policies
  compliance: ComplianceService
  clock: LedgerClock
  lock: WriterLock
}

/** Shows the policy and its versions, says what a draft would change, and publishes it. */
export class PolicyPublishing {
  private readonly parts: Parts

  constructor(parts: Parts) {
    this.parts = parts
  }

  /** The policy of now, and all versions, the newest first. */
  async view(): Promise<PolicyView> {
    const versions = await this.versions()
    const { doc, policy } = this.parts.policies.latest()
    return { policy: doc.policy, rules: policy.rules, versions }
  }

  /** All versions, the newest first, each with what it changed. */
  async versions(): Promise<PolicyVersion[]> {
    const versions = await this.parts.policies.versions()
    return versions.map((version, i) => summaryOf(version, versions[i + 1]))
  }

  /** One version's document. @throws Problem 404 */
  async document(version: number): Promise<PolicyDocument> {
    const found = (await this.parts.policies.versions()).find(({ policy }) => policy.version === version)
    if (!found) throw notFound(`There is no version ${version}`)
    return { policy: found.doc.policy, rules: found.policy.rules }
  }

  /**
   * How every rule stands today, and how it would by a draft. Nothing is recorded.
   * @throws Problem 400, 409 as `publish`
   */
  async preview(draft: Policy, now: Date): Promise<PolicyPreview> {
    const { base, candidate } = await this.checked(draft)
    const { asOf, before, after } = await this.parts.compliance.compare(candidate, now)
    const titles = new Map([...base.policy.rules, ...candidate.rules].map((r) => [r.id, r.title]))
    const standing = (a: Assessment): Standing => {
      const { id, kind, unit, value, numerator, denominator, target, status } = a
      const title = titles.get(id) ?? { zh: id, en: id }
      return { id, title, kind, unit, value, numerator, denominator, target, status }
    }
    const changed = policyChanges(base.doc.policy, draft)
    return { asOf, before: before.map(standing), after: after.map(standing), changed }
  }

  /**
   * Makes a draft the policy from now on. What was asked for or frozen before keeps the version it was made with.
   * @throws Problem 400 for a draft that is no policy, 409 `policy.superseded` when it was not made from the latest
   *   version, `policy.unchanged`, `policy.other-city`
   */
  async publish(draft: Policy, note: string, by: Caller, now: Date): Promise<PolicyVersion> {
    const { model, policies, clock, lock } = this.parts
    return lock.run(async () => {
      const { base } = await this.checked(draft)
      if (policyChanges(base.doc.policy, draft).length === 0)
        throw new Problem(409, 'policy.unchanged', 'The draft says what is in force already')
      const policy = { ...draft, version: base.policy.version + 1 }
      const _id = `${policy.id}@${policy.version}`
      const owner = `policy:${_id}`
      const takesEffectAt = await clock.begin(owner, now)
      const doc: PolicyDoc = { _id, policy, takesEffectAt, note, recordedBy: { id: by.id, name: by.name } }
      try {
        await model.collection.insertOne(doc as never)
      } catch (error) {
        if (isDuplicateKey(error)) throw new Problem(409, 'policy.superseded')
        throw error
      } finally {
        await clock.finish(owner)
      }
      const [latest, before] = await policies.versions()
      return summaryOf(latest ?? policies.latest(), before)
    })
  }

  /** The version that a draft is made from, and the draft with its readings applied. */
  private async checked(draft: Policy): Promise<{ base: Version; candidate: Policy }> {
    const [base = this.parts.policies.latest()] = await this.parts.policies.versions()
    const { id, city, regions } = base.policy
    if (draft.id !== id || draft.city.code !== city.code)
      throw new Problem(409, 'policy.other-city', 'A version is of the same policy and city')
    if (draft.version !== base.policy.version)
      throw new Problem(409, 'policy.superseded', `The latest version is ${base.policy.version}`)
    const kept = new Set(draft.regions.map((r) => r.code))
    const lost = regions.filter(({ code }) => !kept.has(code))
    if (lost.length > 0) {
      const params = { name: lost.map((r) => r.name).join('、') }
      const fault = {
        path: 'body.policy.regions',
        code: 'policy.region-lost',
        message: 'region lost',
        params,
      }
      throw new Problem(400, 'request.invalid', undefined, [fault])
    }
    return { base, candidate: applied(draft) }
  }
}

/** @throws Problem 400 when the options chosen contradict each other */
function applied(draft: Policy): Policy {
  try {
    return effectivePolicy(draft)
  } catch (error) {
    if (error instanceof z.ZodError) throw invalidRequest(error, 'body.policy')
    throw error
  }
}

const summaryOf = ({ doc, policy }: Version, before: Version | undefined): PolicyVersion => ({
  version: policy.version,
  takesEffectAt: doc.takesEffectAt.getTime() === 0 ? null : doc.takesEffectAt.toISOString(),
  recordedBy: doc.recordedBy?.name ?? null,
  note: doc.note,
  changed: before ? policyChanges(before.doc.policy, doc.policy) : [],
})
