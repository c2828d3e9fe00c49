import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { PassThrough, Readable, type Writable } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import yazl from 'yazl'
import { blocksOf, commentsXml, type Note, notesDrawing } from './notes.ts'
import { type MergedRange, NOTES_RELATION, type SheetSpec, SheetXml } from './sheet.ts'
import { Styles } from './styles.ts'
import { columnName, escapeXml, XML_HEAD } from './xml.ts'

/** Notes of a whole workbook, of which a spreadsheet still opens a file within seconds. */
export const MAX_NOTES = 20_000

const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const SPREADSHEET = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
/** The same contents always give the same file. */
const ENTRY = { mtime: new Date(Date.UTC(2000, 0, 1)), forceDosTimestamp: true }

interface Written {
  name: string
  notes: boolean
  filter: MergedRange | null
}

/** An .xlsx file that is written sheet by sheet, in memory that does not grow with the rows. */
class WorkbookFile {
  private readonly zip = new yazl.ZipFile()
  private readonly styles = new Styles()
  private readonly sheets: Written[] = []
  private readonly author: string
  private readonly written: Promise<void>
  private readonly failed: Promise<never>
  private notes = 0
  private noteBlocks = 1

  constructor(to: Writable, author: string) {
    this.author = author
    this.written = pipeline(this.zip.outputStream, to)
    this.failed = new Promise((_, reject) => {
      this.zip.on('error', reject)
      this.written.catch(reject)
    })
    this.failed.catch(() => {})
  }

  /** Writes a sheet behind those that are there. @throws what its rows throw, and when the file cannot be written */
  async addSheet(spec: SheetSpec): Promise<void> {
    const number = this.sheets.length + 1
    const sheet = new SheetXml(spec, this.styles, MAX_NOTES - this.notes)
    await this.add(`xl/worksheets/sheet${number}.xml`, sheet.xml())
    const { notes } = sheet
    if (notes.length > 0) await this.addNotes(number, notes)
    this.sheets.push({
      name: sheetName(
        spec.name,
        this.sheets.map((s) => s.name),
      ),
      notes: notes.length > 0,
      filter: sheet.filterRange,
    })
  }

  private async addNotes(number: number, notes: readonly Note[]): Promise<void> {
    this.notes += notes.length
    await this.add(`xl/comments${number}.xml`, commentsXml(notes, this.author))
    await this.add(`xl/drawings/vmlDrawing${number}.vml`, notesDrawing(notes, this.noteBlocks))
    this.noteBlocks += blocksOf(notes)
    const relations = [
      relation(NOTES_RELATION, 'vmlDrawing', `../drawings/vmlDrawing${number}.vml`),
      relation('rIdComments', 'comments', `../comments${number}.xml`),
    ]
    this.addText(`xl/worksheets/_rels/sheet${number}.xml.rels`, relationships(relations))
  }

  /** Writes what names the sheets, and ends the file. */
  async finish(): Promise<void> {
    const { sheets } = this
    const relations = sheets.map((_, i) =>
      relation(`rId${i + 1}`, 'worksheet', `worksheets/sheet${i + 1}.xml`),
    )
    this.addText('xl/styles.xml', this.styles.xml())
    this.addText('xl/workbook.xml', workbookXml(sheets))
    this.addText(
      'xl/_rels/workbook.xml.rels',
      relationships([...relations, relation('rIdStyles', 'styles', 'styles.xml')]),
    )
    this.addText('_rels/.rels', relationships([relation('rId1', 'officeDocument', 'xl/workbook.xml')]))
    this.addText('[Content_Types].xml', contentTypes(sheets))
    this.zip.end()
    await Promise.race([this.written, this.failed])
  }

  /** Ends it without finishing. */
  async abandon(): Promise<void> {
    const { outputStream } = this.zip as unknown as { outputStream: Readable }
    outputStream.destroy()
    await this.written.catch(() => {})
  }

  private async add(path: string, pieces: AsyncIterable<string> | Iterable<string>): Promise<void> {
    const stream = Readable.from(bytes(pieces), { objectMode: false, highWaterMark: 262_144 })
    this.zip.addReadStream(stream, path, ENTRY)
    await Promise.race([finished(stream), this.failed])
  }

  private addText(path: string, text: string): void {
    this.zip.addBuffer(Buffer.from(text), path, ENTRY)
  }
}

/** A stream ends at an empty piece. */
async function* bytes(pieces: AsyncIterable<string> | Iterable<string>): AsyncIterable<Buffer> {
  for await (const piece of pieces) if (piece !== '') yield Buffer.from(piece)
}

/**
 * Writes an .xlsx file. Nothing stays of it when that fails.
 * @param author who is named as the notes' author
 * @param fill adds the sheets, in order; at least one
 * @throws what `fill` throws, and when the file cannot be written
 */
export async function writeWorkbook(
  path: string,
  author: string,
  fill: (book: Pick<WorkbookFile, 'addSheet'>) => Promise<void>,
): Promise<void> {
  const book = new WorkbookFile(createWriteStream(path), author)
  try {
    await fill(book)
    await book.finish()
  } catch (error) {
    await book.abandon()
    await rm(path, { force: true })
    throw error
  }
}

/**
 * An .xlsx file as it is being written, for whoever need not wait until it is whole. What `fill` throws ends it with an
 * error.
 */
export function streamWorkbook(
  author: string,
  fill: (book: Pick<WorkbookFile, 'addSheet'>) => Promise<void>,
): Readable {
  const file = new PassThrough()
  const write = async () => {
    const book = new WorkbookFile(file, author)
    try {
      await fill(book)
      await book.finish()
    } catch (error) {
      file.destroy(error instanceof Error ? error : new Error(String(error)))
      await book.abandon()
    }
  }
  void write()
  return file
}

/** A name that a sheet can have and no other has: at most 31 characters, some forbidden. */
function sheetName(wanted: string, taken: readonly string[]): string {
  const plain = wanted.replace(/[[\]:*?/\\\p{Cc}]/gu, ' ').replace(/^[\s']+|[\s']+$/g, '')
  const base = plain === '' ? 'Sheet' : plain
  const used = new Set(taken.map((name) => name.toLowerCase()))
  for (let n = 1; ; n++) {
    const tail = n === 1 ? '' : ` (${n})`
    const name = base.slice(0, 31 - tail.length) + tail
    if (!used.has(name.toLowerCase())) return name
  }
}

const relation = (id: string, type: string, target: string): string =>
  `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`

const relationships = (list: readonly string[]): string =>
  `${XML_HEAD}<Relationships xmlns="${PACKAGE}/relationships">${list.join('')}</Relationships>`

function workbookXml(sheets: readonly Written[]): string {
  const list = sheets.map(
    ({ name }, i) => `<sheet name="${escapeXml(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`,
  )
  const filters = sheets.map(({ name, filter }, i) => (filter ? filterName(name, filter, i) : '')).join('')
  return (
    `${XML_HEAD}<workbook xmlns="${SPREADSHEET}" xmlns:r="${OFFICE}"><bookViews><workbookView/></bookViews>` +
    `<sheets>${list.join('')}</sheets>${filters && `<definedNames>${filters}</definedNames>`}</workbook>`
  )
}

/** A spreadsheet keeps the range of a filter under this name too. */
function filterName(name: string, { left, top, right, bottom }: MergedRange, index: number): string {
  const range = `$${columnName(left)}$${top + 1}:$${columnName(right)}$${bottom + 1}`
  const sheet = `'${name.replaceAll("'", "''")}'`
  return `<definedName name="_xlnm._FilterDatabase" localSheetId="${index}" hidden="1">${escapeXml(`${sheet}!${range}`)}</definedName>`
}

function contentTypes(sheets: readonly Written[]): string {
  const part = (path: string, type: string): string =>
    `<Override PartName="${path}" ContentType="${TYPES}.${type}+xml"/>`
  const parts = sheets.map(
    ({ notes }, i) =>
      part(`/xl/worksheets/sheet${i + 1}.xml`, 'worksheet') +
      (notes ? part(`/xl/comments${i + 1}.xml`, 'comments') : ''),
  )
  return (
    `${XML_HEAD}<Types xmlns="${PACKAGE}/content-types">` +
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
    '<Default Extension="xml" ContentType="application/xml"/>' +
    '<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>' +
    `${part('/xl/workbook.xml', 'sheet.main')}${part('/xl/styles.xml', 'styles')}${parts.join('')}</Types>`
  )
}
