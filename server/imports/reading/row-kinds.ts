import { isPlate, normalisePlate } from '../../domain/plate.ts'
import { isNone, plain } from '../../domain/read-text.ts'
import { isVin, normaliseVin } from '../../domain/vin.ts'
import { type FieldColumn, firstText, textOfRow } from './data-columns.ts'
import type { Head } from './head.ts'
import { type SourceCell, type SourceRow, shown } from './source.ts'

/** Which rows below a header hold data, and what the others are. */

const TOTAL = /^(?:合|总|小|累|共)\s*计|^本[页表][合小总]计|^.{1,16}(?:合计|小计|总计)\s*[:：]?$/
const BELOW_TABLE =
  /^(?:填表|填报|制表|编制|审核|审批|复核|核对|负责人|单位负责人|分管领导|领导签|经办|联系人|联系电话|电话|备\s*注|注\s*[:：\d]|说\s*明|填表说明|日\s*期\s*[:：]|盖\s*章|[(（]?(?:单位)?公?盖?章[)）]?\s*[:：)）]|单位[(（:：]|统计人|报送|以上|本表|上述|第\s*\d+\s*页)/
const EXAMPLE = new Set(['示例', '样例', '范例', '(示例)', '【示例】', '[示例]', '示例行', '填写示例'])
/** Columns, beside the first ones, in which a template says that a row is an example. */
const EXAMPLE_HEADER = /序号|编号|说明|备注/
const FIRST_COLUMNS = 3
/** Other filled cells up to which a row that begins as a remark is one even above further data. */
const FEW = 1

export type RowKind = 'data' | 'blank' | 'total' | 'footer' | 'maybe-footer' | 'header-again' | 'example'

/** Tells what rows are. */
export class RowKinds {
  private readonly columns: readonly FieldColumn[]
  private readonly identities: readonly FieldColumn[]
  private readonly prefixes: readonly number[]
  private readonly exampleColumns: readonly number[]
  private readonly above: ReadonlySet<string>
  private readonly aboveFirst: ReadonlySet<string>
  private readonly atLeast: number

  /** @param above the sheet's rows down to its header */
  constructor(head: Head, columns: readonly FieldColumn[], above: readonly SourceRow[]) {
    this.identities = columns.filter((c) => c.field === 'plate' || c.field === 'vin')
    // what names a vehicle first: most rows need no further look
    this.columns = [...new Set([...this.identities, ...columns])]
    this.prefixes = head.prefixes.filter((p) => columns.every((c) => c.index !== p))
    this.above = new Set(above.map((r) => textOfRow(r.cells)).filter((t) => t !== ''))
    this.aboveFirst = new Set(above.map((r) => firstText(r.cells)))
    this.atLeast = Math.min(3, columns.length)
    this.exampleColumns = head.columns.filter((c) => EXAMPLE_HEADER.test(c.header)).map((c) => c.index)
  }

  kindOf(cells: readonly SourceCell[]): RowKind {
    const first = firstText(cells)
    if (this.isBlank(cells)) return this.withoutData(cells, first)
    if (this.isExample(cells)) return 'example'
    if (TOTAL.test(first) && !this.namesVehicle(cells)) return 'total'
    if (this.isHeaderAgain(cells) || this.isTitleAgain(cells, first)) return 'header-again'
    if (!BELOW_TABLE.test(first) || this.namesVehicle(cells)) return 'data'
    return this.othersThanRemarks(cells) > FEW ? 'maybe-footer' : 'footer'
  }

  /** What a row without a cell in any known column is. */
  private withoutData(cells: readonly SourceCell[], first: string): RowKind {
    if (first === '') return 'blank'
    if (TOTAL.test(first)) return 'total'
    if (this.isTitleAgain(cells, first)) return 'header-again'
    return BELOW_TABLE.test(first) ? 'footer' : 'blank'
  }

  /** A plate whose first characters stand in columns of their own; undefined when they make none together. */
  joinedPlate(cells: readonly SourceCell[], rest: string): string | undefined {
    if (this.prefixes.length === 0 || rest === '') return undefined
    const plate = normalisePlate(this.prefixes.map((p) => shown(cells[p])).join('') + rest)
    return isPlate(plate) ? plate : undefined
  }

  /** Nothing in any known column; a formula that names the vehicle and whose result is not stored is something. */
  private isBlank(cells: readonly SourceCell[]): boolean {
    if (this.identities.some(({ index }) => isUnstored(cells[index]))) return false
    for (const { index } of this.columns) {
      const cell = cells[index]
      if (cell === undefined || cell === null || cell === '') continue
      const text = shown(cell)
      if (text.trim() !== '' && !isNone(text)) return false
    }
    return true
  }

  private isExample(cells: readonly SourceCell[]): boolean {
    for (let c = 0; c < FIRST_COLUMNS; c++) {
      const cell = cells[c]
      if (typeof cell === 'string' && cell.length < 12 && cell.includes('例') && EXAMPLE.has(plain(cell)))
        return true
    }
    return this.exampleColumns.some((c) => {
      const cell = cells[c]
      return (
        typeof cell === 'string' && cell.includes('示') && cell.length < 200 && plain(cell).startsWith('示例')
      )
    })
  }

  /** True if the row names a vehicle by a well-formed plate or VIN. */
  private namesVehicle(cells: readonly SourceCell[]): boolean {
    return this.identities.some(({ field, index }) => {
      const text = shown(cells[index])
      if (text === '' || text.length > 100) return false
      if (field === 'vin') return isVin(normaliseVin(text))
      return isPlate(normalisePlate(text)) || this.joinedPlate(cells, text) !== undefined
    })
  }

  private isHeaderAgain(cells: readonly SourceCell[]): boolean {
    if (!this.identities.some(({ index, header }) => isSame(cells[index], header))) return false
    return this.columns.filter(({ index, header }) => isSame(cells[index], header)).length >= this.atLeast
  }

  /** A title, or the upper row of a header, printed again at a page's top. */
  private isTitleAgain(cells: readonly SourceCell[], first: string): boolean {
    return this.aboveFirst.has(first) && this.above.has(textOfRow(cells)) && !this.namesVehicle(cells)
  }

  /** How many cells of known columns are filled with something else than 审核人:… and the like. */
  private othersThanRemarks(cells: readonly SourceCell[]): number {
    let others = 0
    for (const { index } of this.columns) {
      const text = shown(cells[index]).trim()
      if (text !== '' && !isNone(text) && !BELOW_TABLE.test(text)) others++
    }
    return others
  }
}

const isUnstored = (cell: SourceCell): boolean =>
  typeof cell === 'object' && cell !== null && cell.formula === true && cell.text === ''

function isSame(cell: SourceCell, header: string): boolean {
  if (typeof cell !== 'string' || header === '' || cell.length > 100) return false
  return cell === header || (cell.trimStart()[0] === header[0] && plain(cell) === plain(header))
}
