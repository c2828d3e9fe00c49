import { builtInFormat, type NumberFormat, numberFormat } from './number-format.ts'
import { ListProblem } from './problem.ts'
import { readXml, type XmlHandler } from './xml.ts'
import type { ZipEntry, ZipFile } from './zip-file.ts'

/** What a workbook says of itself: its sheets, its date system, its number formats. */

const MAX_SHEETS = 255
const MAX_FORMATS = 70_000

/** Where the parts of a workbook are. */
export interface Book {
  sheets: { name: string; hidden: boolean; entry: ZipEntry }[]
  strings: ZipEntry | undefined
  styles: ZipEntry | undefined
  date1904: boolean
}

const OTHER_ZIPS: readonly [string, RegExp][] = [
  ['xlsb', /^xl\/workbook\.bin$/],
  ['docx', /^word\//],
  ['pptx', /^ppt\//],
  ['ods', /^content\.xml$/],
  ['numbers', /^Index\//],
]

interface Relation {
  id: string
  type: string
  target: string
  external: boolean
}

async function relations(zip: ZipFile, part: string): Promise<Relation[]> {
  const slash = part.lastIndexOf('/') + 1
  const entry = zip.find(`${part.slice(0, slash)}_rels/${part.slice(slash)}.rels`)
  const all: Relation[] = []
  if (entry === undefined) return all
  const folder = part.slice(0, slash)
  let current: Relation | undefined
  await readXml(zip.chunks(entry), {
    open(name) {
      current = name === 'Relationship' ? { id: '', type: '', target: '', external: false } : undefined
      if (current && all.push(current) > 10_000)
        throw new ListProblem('import.too-complex', { detail: 'relations' })
    },
    attribute(name, value) {
      if (current === undefined) return
      if (name === 'Id') current.id = value
      else if (name === 'Type') current.type = value.slice(value.lastIndexOf('/') + 1)
      else if (name === 'TargetMode') current.external = value === 'External'
      else if (name === 'Target') current.target = resolve(folder, value)
    },
    close() {},
  })
  return all.filter((r) => !r.external)
}

/** A relation's target as the name of a part. */
function resolve(folder: string, target: string): string {
  const path = target.replaceAll('\\', '/')
  if (path.startsWith('/')) return path.slice(1)
  const parts = folder.split('/').slice(0, -1)
  for (const piece of path.split('/')) {
    if (piece === '..') parts.pop()
    else if (piece !== '.') parts.push(piece)
  }
  return parts.join('/')
}

/** The workbook's part. Throws `import.not-a-list` when the zip is something else. */
async function workbookPart(zip: ZipFile): Promise<string> {
  const named = (await relations(zip, '')).find((r) => r.type === 'officeDocument')?.target
  if (named !== undefined && /\.xml$/i.test(named) && !/^(?:word|ppt)\//i.test(named) && zip.find(named))
    return named
  const found = zip.entries.find((e) => /^[\\/]?xl[\\/][^\\/]*workbook[^\\/]*\.xml$/i.test(e.name))
  if (found) return found.name.replaceAll('\\', '/').replace(/^\//, '')
  const other = OTHER_ZIPS.find(([, name]) => zip.entries.some((e) => name.test(e.name)))?.[0] ?? 'zip'
  throw new ListProblem('import.not-a-list', { found: other })
}

/** Reads the workbook's own part and where it leads. Throws ListProblem. */
export async function readBook(zip: ZipFile): Promise<Book> {
  const part = await workbookPart(zip)
  const entry = zip.find(part)
  if (entry === undefined) throw new ListProblem('import.corrupt', { detail: 'no workbook' })
  const links = await relations(zip, part)
  const listed: { name: string; state: string; id: string }[] = []
  let date1904 = false
  let element = ''
  await readXml(zip.chunks(entry), {
    open(name) {
      element = name
      if (name === 'sheet' && listed.push({ name: '', state: '', id: '' }) > MAX_SHEETS) {
        throw new ListProblem('import.too-complex', { detail: 'sheets' })
      }
    },
    attribute(name, value) {
      const sheet = listed.at(-1)
      if (element === 'workbookPr' && name === 'date1904') date1904 = value === '1' || value === 'true'
      if (element !== 'sheet' || sheet === undefined) return
      if (name === 'name') sheet.name = value.slice(0, 200)
      else if (name === 'state') sheet.state = value
      else if (name === 'id' || name.endsWith(':id')) sheet.id = value
    },
    close() {
      element = ''
    },
  })
  const folder = part.slice(0, part.lastIndexOf('/') + 1)
  const partOf = (type: string): ZipEntry | undefined =>
    zip.find(links.find((r) => r.type === type)?.target ?? `${folder}${type}.xml`)
  const sheets = listed.flatMap(({ name, state, id }, i) => {
    const link = links.find((r) => r.id === id)
    // chart sheets and dialogs hold no rows
    if (link && link.type !== 'worksheet') return []
    const found = zip.find(link?.target ?? `${folder}worksheets/sheet${i + 1}.xml`)
    if (found === undefined) throw new ListProblem('import.corrupt', { detail: `no part for sheet ${i + 1}` })
    return [{ name, hidden: state !== '' && state !== 'visible', entry: found }]
  })
  return { sheets, strings: partOf('sharedStrings'), styles: partOf('styles'), date1904 }
}

/** The number formats of styles.xml, by the style numbers that cells bear. */
export async function readFormats(chunks: AsyncIterable<Buffer>, date1904: boolean): Promise<NumberFormat[]> {
  const codes = new Map<number, string>()
  const ids: number[] = []
  await readXml(chunks, new StylesHandler(codes, ids))
  const byId = new Map<number, NumberFormat>()
  return ids.map((id) => {
    const format = byId.get(id) ?? numberFormat(codes.get(id) ?? builtInFormat(id), date1904)
    byId.set(id, format)
    return format
  })
}

class StylesHandler implements XmlHandler {
  private element = ''
  private inCells = false
  private id = 0
  private readonly codes: Map<number, string>
  private readonly ids: number[]

  constructor(codes: Map<number, string>, ids: number[]) {
    this.codes = codes
    this.ids = ids
  }

  open(name: string): void {
    this.element = name
    if (name === 'cellXfs') this.inCells = true
    else if (name === 'xf' && this.inCells && this.ids.push(0) > MAX_FORMATS) {
      throw new ListProblem('import.too-complex', { detail: 'styles' })
    }
  }

  attribute(name: string, value: string): void {
    if (this.element === 'numFmt') {
      if (name === 'numFmtId') this.id = Number(value)
      else if (name === 'formatCode' && this.codes.size < MAX_FORMATS) this.codes.set(this.id, value)
    } else if (this.element === 'xf' && this.inCells && name === 'numFmtId') {
      this.ids[this.ids.length - 1] = Number(value)
    }
  }

  close(name: string): void {
    if (name === 'cellXfs') this.inCells = false
    this.element = ''
  }
}
