import type { Issue } from '../../domain/issue.ts'
import type { Wording, WordingKey } from '../../wording/index.ts'
import type { ColumnField, ImportColumn } from '../schema.ts'

/** What is wrong with a row, and what was mended of it on the page. */
export interface RowFaults {
  /** place of the sheet in the file */
  sheet: number
  /** as the sheet numbers it */
  row: number
  issues: readonly Issue[]
  /** the mended cells, as they count now */
  mended: Partial<Record<ColumnField, string>>
}

/** Rows with faults, taken in the file's order. */
export class FaultCursor {
  private readonly batches: AsyncIterator<readonly RowFaults[]>
  private batch: readonly RowFaults[] = []
  private at = 0
  private ended = false

  constructor(rows: AsyncIterable<readonly RowFaults[]>) {
    this.batches = rows[Symbol.asyncIterator]()
  }

  /** The faults of a sheet's rows up to a row, which later calls do not give again. */
  async upTo(sheet: number, row: number): Promise<Map<number, RowFaults>> {
    const found = new Map<number, RowFaults>()
    for (let next = await this.peek(); next !== undefined; next = await this.peek()) {
      if (next.sheet > sheet || (next.sheet === sheet && next.row > row)) break
      if (next.sheet === sheet) found.set(next.row, next)
      this.at++
    }
    return found
  }

  /** Lets go of what the rows come from. */
  async close(): Promise<void> {
    this.ended = true
    await this.batches.return?.()
  }

  private async peek(): Promise<RowFaults | undefined> {
    while (this.at >= this.batch.length && !this.ended) {
      const { value, done } = await this.batches.next()
      this.batch = done ? [] : value
      this.at = 0
      this.ended = done === true
    }
    return this.batch[this.at]
  }
}

const HEADER_LENGTH = 20
const MESSAGE = '\u0000'

/** The words for faults, with the sender's own names of the columns. */
export class FaultWords {
  private readonly wording: Wording
  private readonly headers: ReadonlyMap<string, string>
  private readonly frames = new Map<string, [string, string]>()

  /** @param columns those of one sheet */
  constructor(wording: Wording, columns: readonly ImportColumn[]) {
    this.wording = wording
    this.headers = new Map(columns.flatMap((c) => (c.field && c.header ? [[c.field, c.header]] : [])))
  }

  /** What an issue says. */
  issue({ code, params, field, severity }: Issue): string {
    const key = `${severity}|${field}`
    const frame = this.frames.get(key) ?? this.frame(severity, field)
    this.frames.set(key, frame)
    return frame[0] + this.wording.issue(code, params, field) + frame[1]
  }

  /** What stands before and behind a message: made once, as many rows have the same. */
  private frame(severity: string, field: string | null): [string, string] {
    const named = { severity: this.wording.label('severity', severity), message: MESSAGE }
    const text =
      field === null
        ? this.wording.t('workbook.fault', named)
        : this.wording.t('workbook.faultOf', { ...named, column: this.column(field) })
    const at = text.lastIndexOf(MESSAGE)
    return [text.slice(0, at), text.slice(at + MESSAGE.length)]
  }

  /** What is said of a mended value for which the sheet has no column. */
  noColumn(field: string, value: string): string {
    return this.wording.t('workbook.noColumn', { field: this.wording.label('field', field), value })
  }

  t(key: WordingKey, params: Record<string, string | number> = {}): string {
    return this.wording.t(key, params)
  }

  private column(field: string): string {
    const header = this.headers.get(field) ?? this.wording.label('field', field)
    return header.length > HEADER_LENGTH ? `${header.slice(0, HEADER_LENGTH - 1)}…` : header
  }
}
