import { type ZipPart, zipOf } from './zip.ts'

/** Workbooks part by part, so that their XML can be what no program writes. */

/** A cell: a text, a number, nothing, or its attributes and the XML within. */
export type CellSpec = string | number | null | { attributes?: string; inner?: string }

export interface SheetSpec {
  name?: string
  state?: 'hidden' | 'veryHidden'
  rows?: readonly (readonly CellSpec[])[]
  /** attributes of rows, by their 1-based numbers */
  rowAttributes?: Readonly<Record<number, string>>
  /** ranges such as `A1:C1` */
  merges?: readonly string[]
  /** what stands before the rows, such as `<cols>…</cols>` */
  before?: string
  /** instead of everything else */
  xml?: string
}

export interface BookSpec {
  sheets: readonly SheetSpec[]
  sharedStrings?: string
  /** codes of number formats; a cell's `s="1"` names the first */
  formats?: readonly (string | number)[]
  workbookPr?: string
  /** further parts */
  parts?: readonly ZipPart[]
}

export const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const letters = (column: number): string =>
  (column >= 26 ? letters(Math.floor(column / 26) - 1) : '') + String.fromCharCode(65 + (column % 26))

function cellXml(cell: CellSpec, row: number, column: number): string {
  const at = `r="${letters(column)}${row}"`
  if (cell === null || cell === '') return ''
  if (typeof cell === 'number') return `<c ${at}><v>${cell}</v></c>`
  if (typeof cell === 'string') {
    return `<c ${at} t="inlineStr"><is><t xml:space="preserve">${escapeXml(cell)}</t></is></c>`
  }
  return `<c ${at} ${cell.attributes ?? ''}>${cell.inner ?? ''}</c>`
}

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

export function sheetXml({
  rows = [],
  rowAttributes = {},
  merges = [],
  before = '',
  xml,
}: SheetSpec): string {
  if (xml !== undefined) return xml
  const lines = rows.map((cells, i) => {
    const inner = cells.map((cell, c) => cellXml(cell, i + 1, c)).join('')
    return `<row r="${i + 1}" ${rowAttributes[i + 1] ?? ''}>${inner}</row>`
  })
  const merged =
    merges.length > 0
      ? `<mergeCells>${merges.map((m) => `<mergeCell ref="${m}"/>`).join('')}</mergeCells>`
      : ''
  return `${HEAD}<worksheet ${MAIN}>${before}<sheetData>${lines.join('')}</sheetData>${merged}</worksheet>`
}

/** The parts of a workbook. */
export function bookParts({
  sheets,
  sharedStrings,
  formats = [],
  workbookPr = '',
  parts = [],
}: BookSpec): ZipPart[] {
  const listed = sheets.map(
    ({ name, state }, i) =>
      `<sheet name="${escapeXml(name ?? `Sheet${i + 1}`)}" sheetId="${i + 1}" ${state ? `state="${state}"` : ''} r:id="rId${i + 1}"/>`,
  )
  const links = sheets.map(
    (_, i) =>
      `<Relationship Id="rId${i + 1}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`,
  )
  if (sharedStrings)
    links.push(`<Relationship Id="rIdS" Type="${RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>`)
  links.push(`<Relationship Id="rIdT" Type="${RELATIONS}/styles" Target="styles.xml"/>`)
  const own = formats.map((code, i) =>
    typeof code === 'string' ? `<numFmt numFmtId="${164 + i}" formatCode="${escapeXml(code)}"/>` : '',
  )
  const xfs = formats.map((code, i) => `<xf numFmtId="${typeof code === 'string' ? 164 + i : code}"/>`)
  return [
    { name: '[Content_Types].xml', data: `${HEAD}<Types/>` },
    {
      name: '_rels/.rels',
      data: `${HEAD}<Relationships><Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    },
    {
      name: 'xl/workbook.xml',
      data: `${HEAD}<workbook ${MAIN} xmlns:r="${RELATIONS}"><workbookPr ${workbookPr}/><sheets>${listed.join('')}</sheets></workbook>`,
    },
    { name: 'xl/_rels/workbook.xml.rels', data: `${HEAD}<Relationships>${links.join('')}</Relationships>` },
    {
      name: 'xl/styles.xml',
      data: `${HEAD}<styleSheet ${MAIN}><numFmts>${own.join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${xfs.join('')}</cellXfs></styleSheet>`,
    },
    ...(sharedStrings ? [{ name: 'xl/sharedStrings.xml', data: sharedStrings }] : []),
    ...sheets.map((sheet, i) => ({ name: `xl/worksheets/sheet${i + 1}.xml`, data: sheetXml(sheet) })),
    ...parts,
  ]
}

export const bookOf = (spec: BookSpec): Buffer => zipOf(bookParts(spec))
/** A workbook of one sheet. */
export const sheetBook = (sheet: SheetSpec, rest: Omit<BookSpec, 'sheets'> = {}): Buffer =>
  bookOf({ sheets: [sheet], ...rest })
