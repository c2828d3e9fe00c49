/** What is needed of a sender's file to write it back: see ../reading. */

export type RawCell = null | { text: string; value: string | number | boolean; date?: string | undefined }

export interface RawRow {
  /** 1-based */
  row: number
  hidden: boolean
  /** from column A on */
  cells: readonly (RawCell | undefined)[]
}

export interface SourceFile {
  sheets: readonly { index: number; headerRow: number }[]
  /** every row from the top; can be asked for again */
  raw(sheet: number): AsyncIterable<readonly RawRow[]>
  /** merged ranges, 0-based, both corners included */
  merges(sheet: number): readonly { top: number; left: number; bottom: number; right: number }[]
  /** widths of columns in characters, null for those not known */
  widths(sheet: number): readonly (number | null)[]
}
