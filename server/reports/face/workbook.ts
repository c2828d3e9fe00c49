import type { Readable } from 'node:stream'
import { explanation, header } from '../../imports/writing/looks.ts'
import type { OutCell, OutRow } from '../../imports/writing/xlsx/cells.ts'
import type { Style } from '../../imports/writing/xlsx/styles.ts'
import { streamWorkbook } from '../../imports/writing/xlsx/workbook.ts'
import { createReportFormat } from './format.ts'
import { linkUnder, type Rendered, type RenderOptions } from './page.ts'
import { aboutLines, type Sheet, sheetsOf } from './sheets.ts'

/** How numbers look; a percentage is stored rounded down already, so that a spreadsheet cannot round it up. */
const LOOKS: Record<NonNullable<Sheet['columns'][number]['kind']>, Style> = {
  percent: { format: '0.0%' },
  count: { format: '#,##0' },
  decimal: { format: '#,##0.0' },
}

/**
 * A report as .xlsx: its figures, counties, movements, the numbers behind its charts, who has reported, exceptions, and
 * a sheet that says what it is. Numbers are numbers; no text can become a formula. The same report gives the same file.
 */
export function reportWorkbook(report: Rendered, options: RenderOptions): Readable {
  const { language, timeZone, publicUrl, scope } = options
  const format = createReportFormat(language, timeZone)
  const paper = { content: report.content, format, scope, link: linkUnder(publicUrl) }
  return streamWorkbook(report.content.number, async (book) => {
    for (const sheet of sheetsOf(paper)) {
      await book.addSheet({
        name: sheet.name,
        rows: [rowsOf(sheet)],
        widths: sheet.columns.map((column) => column.width),
        frozen: 1,
        filter: { header: 1, right: sheet.columns.length - 1 },
      })
    }
    const lines = aboutLines(paper, report.digest)
    await book.addSheet({
      name: format.words.sheets.about,
      rows: [
        lines.map(
          ([name, value], i): OutRow => ({
            row: i + 1,
            cells: [
              { value: name, style: header },
              { value, style: explanation },
            ],
          }),
        ),
      ],
      widths: [22, 90],
    })
  })
}

function rowsOf({ columns, rows }: Sheet): OutRow[] {
  const heads: OutRow = { row: 1, cells: columns.map(({ head }) => ({ value: head, style: header })) }
  const cells = (row: Sheet['rows'][number]): OutCell[] =>
    row.map((value, i) => {
      const kind = columns[i]?.kind
      return { value, style: kind && LOOKS[kind] }
    })
  return [heads, ...rows.map((row, i): OutRow => ({ row: i + 2, cells: cells(row) }))]
}
