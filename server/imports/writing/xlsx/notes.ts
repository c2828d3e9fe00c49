import { columnName, escapeXml, textElement, XML_HEAD } from './xml.ts'

/** A note on a cell: 0-based column, 1-based row. */
export interface Note {
  row: number
  column: number
  text: string
}

/** Spreadsheets number shapes in blocks of 1024 that belong to one sheet each. */
const BLOCK = 1024
const USABLE = BLOCK - 1
const LINE = 22
const LAST_COLUMN = 16_383

/** The part comments1.xml: what the notes say. */
export function* commentsXml(notes: readonly Note[], author: string): Iterable<string> {
  yield `${XML_HEAD}<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
    `<authors><author>${escapeXml(author)}</author></authors><commentList>`
  for (const { row, column, text } of notes)
    yield `<comment ref="${columnName(column)}${row}" authorId="0"><text><r>${textElement(text)}</r></text></comment>`
  yield '</commentList></comments>'
}

/** How many blocks of shape numbers the notes of a sheet take. */
export const blocksOf = (notes: readonly Note[]): number => Math.ceil(notes.length / USABLE)

/**
 * The part vmlDrawing1.vml: where the notes are shown. Without it a spreadsheet shows none.
 * @param first the first block of shape numbers that no other sheet has
 */
export function* notesDrawing(notes: readonly Note[], first: number): Iterable<string> {
  const blocks = Array.from({ length: blocksOf(notes) }, (_, i) => first + i)
  yield '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"' +
    ' xmlns:x="urn:schemas-microsoft-com:office:excel">' +
    `<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="${blocks.join(',')}"/></o:shapelayout>` +
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">' +
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
  for (const [i, note] of notes.entries()) {
    yield shape(note, (first + Math.floor(i / USABLE)) * BLOCK + 1 + (i % USABLE))
  }
  yield '</xml>'
}

function shape({ row, column, text }: Note, id: number): string {
  const lines = text.split('\n').reduce((sum, line) => sum + Math.ceil((line.length || 1) / LINE), 0)
  const left = Math.min(column + 1, LAST_COLUMN)
  const right = Math.min(column + 4, LAST_COLUMN)
  const top = Math.max(0, row - 2)
  const anchor = [left, 15, top, 10, right, 31, top + Math.min(lines + 1, 30), 4].join(', ')
  return (
    `<v:shape id="_x0000_s${id}" type="#_x0000_t202" style="position:absolute;visibility:hidden"` +
    ' fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>' +
    '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>' +
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>' +
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>' +
    `<x:Anchor>${anchor}</x:Anchor><x:AutoFill>False</x:AutoFill>` +
    `<x:Row>${row - 1}</x:Row><x:Column>${column}</x:Column></x:ClientData></v:shape>`
  )
}
