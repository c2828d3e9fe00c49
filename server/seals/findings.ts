import type { RawEntry } from './leaf.ts'
import { namesOf } from './leaf.ts'

/** What was done to an entry behind the application's back; or to a seal. */
export type FindingKind =
  | 'changed'
  | 'removed'
  | 'added'
  | 'withdrawal-changed'
  | 'withdrawal-undone'
  | 'withdrawal-added'
  | 'seal'

/**
 * What is wrong with a seal: it does not follow from the one before (`chain`), a day is missing (`gap`, `missing`), its
 * leaves or counts were altered, it is not the one that was noted elsewhere (`other`), it stands under what is no day
 * (`day`), or it was made before its day was over (`early`).
 */
export type SealFault = 'chain' | 'gap' | 'missing' | 'leaves' | 'counts' | 'other' | 'day' | 'early'

export interface Finding {
  kind: FindingKind
  /** the sealed day, or null where no seal says to which it belongs */
  day: string | null
  /** null for a seal */
  entry: string | null
  vin: string
  plate: string
  /** what differs: the entry's fields, or the fault of the seal; empty when it cannot be told */
  what: string[]
}

/** Most findings that are told one by one. */
const MOST = 100

/** What a verification finds, in order; only so many are kept. */
export class Findings {
  readonly first: Finding[] = []
  count = 0
  private readonly faults = new Set<string>()

  add(finding: Finding): void {
    // An entry that was given another day is missing from one and new in the other: it is told once.
    const moved = this.first.findIndex((f) => f.kind === 'added' && f.entry === finding.entry)
    if (moved >= 0 && finding.kind === 'changed') {
      this.first[moved] = finding
      return
    }
    if (finding.kind === 'added' && this.names(finding.entry)) return
    this.count += 1
    if (this.first.length < MOST) this.first.push(finding)
  }

  entry(kind: FindingKind, day: string | null, entry: RawEntry, what: string[] = []): void {
    this.add({ kind, day, entry: String(entry._id), ...namesOf(entry), what })
  }

  seal(day: string, fault: SealFault): void {
    const key = `${day} ${fault}`
    if (this.faults.has(key)) return
    this.faults.add(key)
    this.add({ kind: 'seal', day, entry: null, vin: '', plate: '', what: [fault] })
  }

  /** Whether something was found of an entry already. */
  names(entry: string | null): boolean {
    return entry !== null && this.first.some((f) => f.entry === entry)
  }
}
