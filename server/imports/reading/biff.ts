import { CFB } from '@e965/xlsx'
import { ListProblem } from './problem.ts'

/**
 * Takes out of an .xls whatever holds no cell's value, formulas' expressions first: the library that reads it can be
 * caught in them for ever when they are damaged, and nothing of them is wanted.
 */

/** Records that say what cells hold, how numbers are shown, and how sheets, rows and columns are. */
const KEPT: ReadonlySet<number> = new Set([
  ...[0x0009, 0x0209, 0x0409, 0x0809, 0x000a, 0x0085, 0x002f, 0x0042, 0x0022],
  ...[0x00fc, 0x003c, 0x001e, 0x041e, 0x0043, 0x0243, 0x0443, 0x00e0, 0x0000, 0x0200],
  ...[0x0002, 0x0003, 0x0004, 0x0005, 0x0006, 0x0203, 0x0204, 0x0205, 0x0206, 0x0406],
  ...[0x00fd, 0x00d6, 0x027e, 0x00bd, 0x0007, 0x0207, 0x0008, 0x0208, 0x00e5, 0x007d, 0x0024],
])
/** Versions that a record of type 0x0809 may name: those of Excel 5 and 97. */
const VERSIONS: ReadonlySet<number> = new Set([0x0500, 0x0600])
const FORMULAS: ReadonlySet<number> = new Set([0x0006, 0x0206, 0x0406])
/** A selection of cells, which the library passes over. */
const PASSED_OVER = 0x001d
/** A length of an expression that says that it is to be passed over. */
const NO_EXPRESSION = 0xffff

/** Changes a stream of records in place; a record's length and place stay, as sheets are named by places. */
function calm(stream: Buffer): void {
  let version = 0x0809
  for (let at = 0; at + 4 <= stream.length; ) {
    const type = stream.readUInt16LE(at)
    const end = at + 4 + stream.readUInt16LE(at + 2)
    if (type === 0x0809 && (end > stream.length || !VERSIONS.has(stream.readUInt16LE(at + 4)))) {
      throw new ListProblem('import.corrupt', { detail: 'xls: version' })
    }
    if (type === 0x0809 || type === 0x0409 || type === 0x0209 || type === 0x0009) version = type
    // behind place, style, value and flags
    const length = at + 4 + (version === 0x0809 ? 20 : 16)
    const short = FORMULAS.has(type) && (end > stream.length || length + 2 > end)
    if (!KEPT.has(type) || short) stream.writeUInt16LE(PASSED_OVER, at)
    else if (FORMULAS.has(type) && version === 0x0009) stream.writeUInt8(0, length)
    else if (FORMULAS.has(type)) stream.writeUInt16LE(NO_EXPRESSION, length)
    at = end
  }
}

/** An .xls with nothing in it but what is wanted, and whether it has macros. Throws what the library throws. */
export function calmXls(bytes: Buffer): { bytes: Buffer; macros: boolean } {
  if (bytes.readUInt32LE(0) !== 0xe011cfd0) {
    const copy = Buffer.from(bytes)
    calm(copy)
    return { bytes: copy, macros: false }
  }
  const container = CFB.read(bytes, { type: 'buffer' })
  const stream = CFB.find(container, 'Workbook') ?? CFB.find(container, 'Book')
  // what is no workbook is left to the library to name
  if (!stream) return { bytes, macros: false }
  const content = Buffer.from(stream.content as Uint8Array)
  calm(content)
  const again = CFB.utils.cfb_new()
  CFB.utils.cfb_add(again, `/${stream.name}`, content)
  return {
    bytes: Buffer.from(CFB.write(again, { type: 'buffer' }) as Uint8Array),
    macros: Boolean(CFB.find(container, '/_VBA_PROJECT_CUR/VBA/dir')),
  }
}
