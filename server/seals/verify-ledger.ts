import { createHash } from 'node:crypto'
import type { ChangeModel } from '../changes/model.ts'
import { addDays } from '../domain/civil-date.ts'
import { chainValue, dayDigest, GENESIS } from './chain.ts'
import { type ChunkDoc, digestChunk, type KeptLeaf, unpackChunk } from './chunk.ts'
import { compareDay } from './compare.ts'
import { type Finding, Findings } from './findings.ts'
import { LEAF_KINDS, type LeafKind } from './leaf.ts'
import { isDated, isInstant, isOfDay, type LeafModel, type SealDoc, type SealModel } from './model.ts'
import { findStrays } from './strays.ts'

export interface VerifyParts {
  changes: ChangeModel
  seals: SealModel
  leaves: LeafModel
  /** chain values by day that are known from elsewhere: the audit log, or a paper in a drawer */
  known?: AsyncIterable<{ day: string; chain: string }>
}

/** What a verification found. */
export interface Verification {
  days: number
  /** entries and withdrawals that were compared */
  entries: number
  voidings: number
  /** the last sealed day; null when nothing is sealed */
  lastDay: string | null
  /** entries recorded or withdrawn since, which no seal covers yet */
  unsealed: number
  findings: Finding[]
  /** how many there are, of which `findings` holds the first */
  found: number
}

/**
 * Compares the ledger with its seals, day by day in bounded memory.
 * @param onDay told of each day that was gone through
 */
export async function verifyLedger(
  parts: VerifyParts,
  onDay: (seal: SealDoc) => void = () => {},
): Promise<Verification> {
  const findings = new Findings()
  const total = { days: 0, entries: 0, voidings: 0 }
  let before: SealDoc | null = null
  let sealedUntil = new Date(0)
  for await (const seal of parts.seals.collection.find<SealDoc>({}).sort({ _id: 1 }).batchSize(100)) {
    if (!isOfDay(seal)) {
      findings.seal(String(seal._id), 'day')
      continue
    }
    checkSeal(seal, before, findings)
    before = seal
    total.days += 1
    onDay(seal)
    if (!isDated(seal)) continue
    sealedUntil = seal.until
    const sums = []
    for (const kind of LEAF_KINDS) {
      const sum = { hash: createHash('sha256'), count: 0 }
      await compareDay(seal, kind, leavesOf(parts.leaves, seal, kind, sum, findings), parts.changes, findings)
      sums.push({ digest: sum.hash.digest(), count: sum.count })
    }
    if (dayDigest(sums) !== seal.digest) findings.seal(seal._id, 'leaves')
    if (sums[0]?.count !== seal.recorded || sums[1]?.count !== seal.voided) findings.seal(seal._id, 'counts')
    total.entries += sums[0]?.count ?? 0
    total.voidings += sums[1]?.count ?? 0
  }
  await findStrays(parts.changes, findings)
  await compareKnown(parts, findings)
  return {
    ...total,
    lastDay: before?._id ?? null,
    unsealed: await countSince(parts.changes, sealedUntil),
    findings: findings.first,
    found: findings.count,
  }
}

/** A seal must follow the one before it, in time and in the chain. */
function checkSeal(seal: SealDoc, before: SealDoc | null, findings: Findings): void {
  if (before && (seal._id !== addDays(before._id, 1) || timeOf(seal.from) !== timeOf(before.until)))
    findings.seal(addDays(before._id, 1), 'gap')
  if (!isDated(seal) || chainValue(before?.chain ?? GENESIS, seal) !== seal.chain)
    findings.seal(seal._id, 'chain')
  else if (!isInstant(seal.sealedAt) || seal.sealedAt < seal.until) findings.seal(seal._id, 'early')
}

const timeOf = (value: unknown): number | undefined => (isInstant(value) ? value.getTime() : undefined)

/** The leaves that a seal kept, which are summed up on the way. */
async function* leavesOf(
  leaves: LeafModel,
  seal: SealDoc,
  kind: LeafKind,
  sum: { hash: ReturnType<typeof createHash>; count: number },
  findings: Findings,
): AsyncGenerator<KeptLeaf> {
  const chunks = leaves.collection
    .find<ChunkDoc>({ _id: { $gte: `${seal._id}|${kind}|`, $lt: `${seal._id}|${kind}|~` } } as never)
    .sort({ _id: 1 })
    .batchSize(10)
  for await (const chunk of chunks) {
    try {
      const unpacked = unpackChunk(chunk)
      digestChunk(sum.hash, chunk)
      sum.count += unpacked.length
      yield* unpacked
    } catch {
      findings.seal(seal._id, 'leaves')
    }
  }
}

/** Chain values that are known from elsewhere: who rewrites the seals cannot rewrite those. */
async function compareKnown({ seals, known }: VerifyParts, findings: Findings): Promise<void> {
  if (!known) return
  for await (const { day, chain } of known) {
    const seal = await seals.collection.findOne<SealDoc>({ _id: day as never })
    if (!seal) findings.seal(day, 'missing')
    else if (seal.chain !== chain) findings.seal(day, 'other')
  }
}

async function countSince(changes: ChangeModel, until: Date): Promise<number> {
  const since = { $gte: until }
  const [recorded, voided] = await Promise.all([
    changes.collection.countDocuments({ recordedAt: since }),
    changes.collection.countDocuments({ voided: true, voidedAt: since } as never),
  ])
  return recorded + voided
}
