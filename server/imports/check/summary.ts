import type { ChangeDraft } from '../../domain/change.ts'
import type { Issue } from '../../domain/issue.ts'
import type { Moves } from '../../domain/moves.ts'
import type { RowValues } from '../../domain/row.ts'
import { type ImportDoc, noCounts } from '../model.ts'
import { noteMoves, records, type Verdict } from './verdict.ts'

/** The codes of a row's issues, once each, and `warning` when there is one. */
export function codesOf(issues: readonly Issue[]): string[] {
  const codes = new Set<string>(issues.map((i) => i.code))
  if (issues.some((i) => i.severity === 'warning')) codes.add('warning')
  return [...codes]
}

/** Adds up what the rows come to. */
export class Summary {
  readonly counts = noCounts()
  readonly moves: Moves
  readonly newOperators = new Set<string>()
  private readonly counties = new Set<string>()
  private readonly touches = new Map<string, number>()
  private readonly codes = new Map<string, number>()

  private readonly sign: 1 | -1

  /** @param sign -1 takes out of the moves what rows had brought into them */
  constructor(moves: Moves, sign: 1 | -1 = 1) {
    this.moves = moves
    this.sign = sign
  }

  note(values: RowValues, verdict: Verdict): void {
    const { counts } = this
    counts.total++
    counts[verdict.outcome]++
    let warns = false
    for (const code of codesOf(verdict.issues)) {
      if (code === 'warning') warns = true
      else this.codes.set(code, (this.codes.get(code) ?? 0) + 1)
    }
    if (warns) counts.warning++
    if (records(verdict)) {
      counts.toRecord++
      if (!warns) counts.toRecordClean++
      this.noteRecord(values, verdict)
    }
    for (const id of verdict.touches) this.touches.set(id, (this.touches.get(id) ?? 0) + 1)
  }

  private noteRecord(values: RowValues, verdict: Verdict): void {
    const { draft, correction, issues } = verdict
    noteMoves(this.moves, verdict, this.sign)
    for (const event of correction?.events ?? []) this.counties.add(event.facts.county)
    if (!draft) return
    for (const county of countiesOf(draft)) this.counties.add(county)
    const name = draft.kind === 'transferred' ? (values.toOperator ?? values.operator) : values.operator
    if (name && issues.some((i) => i.code === 'operator.new')) this.newOperators.add(name)
  }

  /** What the import's document says of its rows. */
  result(): Pick<ImportDoc, 'counts' | 'codes' | 'newOperators' | 'counties' | 'touches'> {
    return {
      counts: this.counts,
      codes: [...this.codes].map(([code, rows]) => ({ code, rows })).sort((a, b) => b.rows - a.rows),
      newOperators: [...this.newOperators],
      counties: [...this.counties].sort(),
      touches: [...this.touches].map(([id, rows]) => ({ id, rows })).sort((a, b) => b.rows - a.rows),
    }
  }
}

const countiesOf = ({ vehicle, from, retires }: ChangeDraft): string[] => [
  vehicle.county,
  ...(from ? [from.county] : []),
  ...retires.map((r) => r.county),
]
