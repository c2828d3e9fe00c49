import { clean } from '../../domain/read-text.ts'
import type { CellField } from '../../domain/row.ts'
import { type HeaderMeaning, headerMeaningIn, isPlatePrefixHeader } from '../../domain/words.ts'

/** A merged range, both corners included, 0-based. */
export interface Merge {
  top: number
  left: number
  bottom: number
  right: number
}

/** What finding a header needs of a sheet's top. */
export interface HeadGrid {
  /** number of rows, empty ones included */
  length: number
  /** merged ranges; null where the format has none (csv) */
  merges: readonly Merge[] | null
  /** a row's texts as displayed; 0-based row, the empty text for an empty cell */
  texts(row: number): string[]
}

/** A column of a list. */
export interface Column {
  /** 0-based */
  index: number
  /** as the spreadsheet names it: A, B … AA */
  letter: string
  header: string
  /** null when the header means nothing here, or a better or earlier column holds the field */
  field: CellField | null
  /** the first texts below the header, three at most */
  samples: string[]
}

/** Where a list's header is, and what it says. */
export interface Head {
  /** 0-based */
  row: number
  columns: Column[]
  title: string | null
  /** columns that mean a field which a better or earlier column holds; 0-based */
  duplicates: number[]
  /** columns with the first characters of plates; 0-based */
  prefixes: number[]
}

const WITHIN = 30
const AT_LEAST = 3

/** The letters of a column, 0-based: 0 → A, 26 → AA. */
export function columnLetter(index: number): string {
  const rest = Math.floor(index / 26) - 1
  return (rest >= 0 ? columnLetter(rest) : '') + String.fromCharCode(65 + (index % 26))
}

interface Candidate {
  columns: Column[]
  fields: number
  identified: boolean
  duplicates: number[]
  /** some of its headers are cells merged from the row above */
  spansTwo: boolean
}

/**
 * The header: among the first 30 rows the first with the most known headers; at least three different fields of
 * which one is the plate or the VIN. A header of two rows (groups above, or cells merged over both) is the lower one.
 * Undefined when there is none.
 */
export function findHead(grid: HeadGrid): Head | undefined {
  let best: (Candidate & { row: number }) | undefined
  for (let row = 0; row < Math.min(grid.length, WITHIN); row++) {
    const candidate = candidateAt(grid, row)
    if (!candidate.identified || candidate.fields < AT_LEAST) continue
    const more = candidate.fields - (best?.fields ?? 0)
    if (more > 0 || (more === 0 && candidate.spansTwo)) best = { ...candidate, row }
  }
  if (best === undefined) return undefined
  const { row, columns, duplicates } = best
  const prefixes = columns
    .filter((c) => c.field === null && isPlatePrefixHeader(c.header))
    .map((c) => c.index)
  return { row, columns, duplicates, prefixes, title: titleAbove(grid, row) }
}

function candidateAt(grid: HeadGrid, row: number): Candidate {
  const own = grid.texts(row)
  const above = row > 0 ? grid.texts(row - 1) : []
  const width = Math.max(own.length, above.length)
  const headers: string[] = []
  const meanings: (HeaderMeaning | undefined)[] = []
  let known = 0
  for (let c = 0; c < width; c++) {
    const text = own[c] ?? ''
    headers[c] = text
    meanings[c] = text === '' ? undefined : headerMeaningIn(groupOf(grid, row, c, above), text)
    if (meanings[c]) known++
  }
  let spansTwo = false
  for (let c = 0; known > 0 && c < width; c++) {
    const text = above[c] ?? ''
    if (headers[c] !== '' || text === '' || !reachesDown(grid, row, c)) continue
    headers[c] = text
    meanings[c] = headerMeaningIn('', text)
    spansTwo ||= meanings[c] !== undefined
  }
  const fields = resolve(meanings)
  const columns = headers.map(
    (header, index): Column => ({
      index,
      letter: columnLetter(index),
      header: oneLine(header),
      field: fields[index] ?? null,
      samples: [],
    }),
  )
  while (columns.at(-1)?.header === '') columns.pop()
  const distinct = new Set(fields.filter((f) => f !== null && f !== 'plateColour'))
  return {
    columns,
    fields: distinct.size,
    identified: distinct.has('plate') || distinct.has('vin'),
    duplicates: meanings.flatMap((m, index) => (m && !m.beside && !fields[index] ? [index] : [])),
    spansTwo,
  }
}

const oneLine = (text: string): string => clean(text).replace(/\s+/g, ' ')

/** True if the cell above reaches into this row: merged over both or, where nothing can be merged, always. */
const reachesDown = (grid: HeadGrid, row: number, column: number): boolean =>
  grid.merges === null ||
  grid.merges.some((m) => m.top === row - 1 && m.bottom >= row && m.left === column && m.right === column)

/** The label of the group of columns that a header stands in, or the empty text. Titles are no labels. */
function groupOf(grid: HeadGrid, row: number, column: number, above: readonly string[]): string {
  let label = ''
  if (grid.merges !== null) {
    const group = grid.merges.find(
      (m) =>
        m.top <= row - 1 && m.bottom === row - 1 && m.left <= column && m.right >= column && m.right > m.left,
    )
    label = group ? (grid.texts(group.top)[group.left] ?? '') : (above[column] ?? '')
  } else if (above.filter((t) => t !== '').length > 1) {
    for (let c = column; c >= 0 && label === ''; c--) label = above[c] ?? ''
  }
  return label.length > 14 || /[:：表]|清单|台账|名单|汇总|统计/.test(label) ? '' : label
}

/** One column a field: the higher rank wins, then the first. */
function resolve(meanings: readonly (HeaderMeaning | undefined)[]): (CellField | null)[] {
  const holder = new Map<CellField, { index: number; rank: number }>()
  const claim = (field: CellField, rank: number, index: number): void => {
    const held = holder.get(field)
    if (held === undefined || rank > held.rank) holder.set(field, { index, rank })
  }
  meanings.forEach((m, index) => {
    if (m && !m.beside) claim(m.field, m.rank, index)
  })
  meanings.forEach((m, index) => {
    if (m?.otherwise && holder.get(m.field)?.index !== index) claim(m.otherwise, m.rank, index)
  })
  meanings.forEach((m, index) => {
    const neighbour = m?.beside && holder.get(m.beside)?.index
    if (m && neighbour !== undefined && Math.abs(neighbour - index) === 1) claim(m.field, m.rank, index)
  })
  const fields: (CellField | null)[] = meanings.map(() => null)
  for (const [field, { index }] of holder) fields[index] = field
  return fields
}

/** The first text above the header that is a title: alone or nearly so in its row, and not 附件 or 填报单位. */
function titleAbove(grid: HeadGrid, header: number): string | null {
  for (let row = 0; row < header; row++) {
    const texts = grid
      .texts(row)
      .map(oneLine)
      .filter((t) => t !== '')
    const text = texts[0]
    if (
      text === undefined ||
      texts.length > 2 ||
      /^(?:附[件表]\s*\d*|填报|单位[(:]|编制单位|制表)/.test(text)
    )
      continue
    return text.slice(0, 200)
  }
  return null
}
