import type { ImportNote } from '../schema.ts'

/** What a file's sender should know of how it was read: what was left out, what was read all the same. */
export const NOTE_CODES = [
  'note.footer',
  'note.total',
  'note.header-again',
  'note.example',
  'note.hidden-rows',
  'note.hidden-columns',
  'note.hidden-sheet',
  'note.no-header-sheet',
  'note.merged-cells',
  'note.wrong-extension',
  'note.macros',
  'note.formulas',
  'note.formula-empty',
  'note.duplicate-header',
  'note.cell-errors',
  'note.columns-cut',
  'note.text-cut',
  'note.plate-joined',
] as const
export type NoteCode = (typeof NOTE_CODES)[number]
/** A code's name within the group of notes' words. */
export type NoteName = NoteCode extends infer C ? (C extends `note.${infer Name}` ? Name : never) : never

const ROWS_NAMED = 20

/** Collects the notes about a sheet, or about the file when `sheet` is null. */
export class Notes {
  private readonly byCode = new Map<NoteCode, ImportNote>()
  readonly sheet: string | null

  constructor(sheet: string | null) {
    this.sheet = sheet
  }

  /** Counts one more of a kind; the first twenty rows are named. */
  add(code: NoteCode, row?: number, params: Record<string, string> = {}): void {
    let note = this.byCode.get(code)
    if (note === undefined) {
      note = { code, sheet: this.sheet, rows: [], count: 0, params }
      this.byCode.set(code, note)
    }
    note.count++
    if (row !== undefined && note.rows.length < ROWS_NAMED && note.rows.at(-1) !== row) note.rows.push(row)
  }

  list(): ImportNote[] {
    return Array.from(this.byCode.values(), (n) => ({ ...n, rows: [...n.rows], params: { ...n.params } }))
  }
}
