import { ObjectId } from 'mongodb'
import type { ChangeModel } from '../changes/model.ts'
import type { KeptLeaf } from './chunk.ts'
import type { Findings } from './findings.ts'
import { differing, hashOf, type LeafKind, printsOf, type RawEntry, STAMP } from './leaf.ts'
import type { SealDoc } from './model.ts'
import { entriesOf } from './service.ts'

/**
 * Compares the leaves that a day's seal kept with the entries that the ledger now has of that day: both come in the
 * same order, so that they can be walked side by side.
 */
export async function compareDay(
  seal: SealDoc,
  kind: LeafKind,
  leaves: AsyncGenerator<KeptLeaf>,
  changes: ChangeModel,
  findings: Findings,
): Promise<void> {
  const entries = entriesOf(changes, kind, seal.from, seal.until)
  const compare = new Comparison(seal._id, kind, changes, findings)
  try {
    let leaf = (await leaves.next()).value as KeptLeaf | undefined
    let entry = await entries.next()
    while (leaf || entry) {
      const order = leaf && entry ? orderOf(leaf, entry, kind) : leaf ? -1 : 1
      if (leaf && order < 0) await compare.gone(leaf)
      if (entry && order > 0) compare.unsealed(entry)
      if (leaf && entry && order === 0) compare.both(leaf, entry)
      if (order <= 0) leaf = (await leaves.next()).value as KeptLeaf | undefined
      if (order >= 0) entry = await entries.next()
    }
  } finally {
    await entries.close()
  }
}

/** Which comes first. An entry under an id that the ledger never gives stands by itself. */
function orderOf(leaf: KeptLeaf, entry: RawEntry, kind: LeafKind): number {
  const stamp = entry[STAMP[kind]]
  if (!(entry._id instanceof ObjectId) || !(stamp instanceof Date)) return 1
  return leaf.stamp - stamp.getTime() || Buffer.compare(Buffer.from(leaf.id.id), Buffer.from(entry._id.id))
}

class Comparison {
  private readonly day: string
  private readonly kind: LeafKind
  private readonly changes: ChangeModel
  private readonly findings: Findings

  constructor(day: string, kind: LeafKind, changes: ChangeModel, findings: Findings) {
    this.day = day
    this.kind = kind
    this.changes = changes
    this.findings = findings
  }

  /** Sealed, and there at its time: it must be what was sealed. */
  both(leaf: KeptLeaf, entry: RawEntry): void {
    if (leaf.hash.equals(hashOf(entry, this.kind))) return
    const found = this.kind === 'recorded' ? 'changed' : 'withdrawal-changed'
    this.findings.entry(found, this.day, { ...entry, vehicle: this.named(leaf) }, this.differing(leaf, entry))
  }

  /** Sealed, and not there at its time: gone, moved to another time, or its withdrawal undone. */
  async gone(leaf: KeptLeaf): Promise<void> {
    const { day, kind, findings } = this
    const entry = await this.changes.collection.findOne<RawEntry>({ _id: leaf.id })
    const named = { _id: leaf.id, vehicle: this.named(leaf) }
    if (entry && kind === 'recorded') findings.entry('changed', day, named, this.differing(leaf, entry))
    else if (entry && (entry.voided !== true || !(entry.voidedAt instanceof Date)))
      findings.entry('withdrawal-undone', day, named)
    else if (entry) findings.entry('withdrawal-changed', day, named, this.differing(leaf, entry))
    // Of an entry that is gone altogether the recording tells.
    else if (kind === 'recorded') findings.entry('removed', day, named)
  }

  /** There, and of a sealed day, but not sealed. */
  unsealed(entry: RawEntry): void {
    this.findings.entry(this.kind === 'recorded' ? 'added' : 'withdrawal-added', this.day, entry)
  }

  private differing(leaf: KeptLeaf, entry: RawEntry): string[] {
    return differing(leaf.fields, leaf.prints, printsOf(entry, leaf.fields))
  }

  /** What the sealed entry's vehicle was called, whatever stands there now. */
  private readonly named = ({ vin, plate }: KeptLeaf) => ({ vin, plate })
}
