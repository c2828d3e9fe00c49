import type { Issue } from '../../domain/issue.ts'
import { type ImportDoc, type ImportRowDoc, type ImportRowModel, rowId } from '../model.ts'
import type { Line } from './lines.ts'
import { codesOf } from './summary.ts'
import { records, type Verdict } from './verdict.ts'

/** Rows written at a time, while the next ones are being checked. */
const BATCH = 1000

/** Keeps a list's rows with what became of them, in the order in which their changes apply. */
export class RowWriter {
  private readonly importId: ImportDoc['_id']
  private readonly rows: ImportRowModel
  private batch: ImportRowDoc[] = []
  private place = 0
  private writing: Promise<unknown> = Promise.resolve()
  written = 0

  constructor(importId: ImportDoc['_id'], rows: ImportRowModel) {
    this.importId = importId
    this.rows = rows
  }

  add(line: Line, verdict: Verdict): void {
    this.batch.push(rowDoc(this.importId, this.place++, line, verdict))
  }

  /** Writes what has come together, once it is worth it; waits for the write before. */
  async flush(least = BATCH): Promise<void> {
    if (this.batch.length < least) return
    await this.writing
    this.written = this.place - this.batch.length
    const { batch } = this
    this.batch = []
    this.writing = this.write(batch)
    // Whoever waits for it hears of it; until then it is not unheard of.
    this.writing.catch(() => undefined)
  }

  /** Writes the rest and waits for all of it. */
  async end(): Promise<void> {
    await this.flush(1)
    await this.writing
    this.written = this.place
  }

  /** Rows can be made anew: they need not be on disk before the word that the list is checked. */
  private write(batch: ImportRowDoc[]): Promise<unknown> {
    return this.rows.collection.insertMany(batch as never, { ordered: false })
  }
}

/** A row's document. */
export function rowDoc(
  importId: ImportDoc['_id'],
  place: number,
  line: Line,
  verdict: Verdict,
): ImportRowDoc {
  const codes = codesOf(verdict.issues)
  return {
    _id: rowId(importId, place),
    import: importId,
    seq: line.seq,
    sheet: line.sheet,
    row: line.row,
    ...outcomeOf(verdict, codes),
    cells: line.cells,
    values: line.read.values,
    ...(line.mended ? { mended: line.mended } : {}),
  }
}

/** The part of a row's document that its check decides. Absent lists stay out of the document and its indexes. */
export function outcomeOf(verdict: Verdict, codes = codesOf(verdict.issues)) {
  const { outcome, issues, differences, touches } = verdict
  return {
    outcome,
    records: records(verdict),
    ...(codes.length > 0 ? { codes } : {}),
    issues: [...issues].sort(errorsFirst),
    ...(differences.length > 0 ? { differences } : {}),
    ...(touches.length > 0 ? { touches } : {}),
  }
}

const errorsFirst = (a: Issue, b: Issue): number =>
  a.severity === b.severity ? 0 : a.severity === 'error' ? -1 : 1
