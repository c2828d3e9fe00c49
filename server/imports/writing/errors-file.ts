import { allRegions } from '../../domain/regions.ts'
import type { Wording } from '../../wording/index.ts'
import { NOT_A_LIST } from '../reading/markers.ts'
import type { ImportColumn } from '../schema.ts'
import { FaultCursor, type RowFaults } from './faults.ts'
import { explanation, framed, header } from './looks.ts'
import { type SourceFile, senderSheet } from './sender-sheet.ts'
import type { OutCell, OutRow } from './xlsx/cells.ts'
import type { SheetSpec } from './xlsx/sheet.ts'
import { writeWorkbook } from './xlsx/workbook.ts'

/** A vehicle of the register that a fleet list does not name: its facts by field, as codes. */
export type MissingRow = Readonly<Record<string, string>>

export interface ErrorsFileOptions {
  /** the sheets that were read, in the file's order */
  sheets: readonly { index: number; name: string | null }[]
  columns: readonly ImportColumn[]
  missing: AsyncIterable<readonly MissingRow[]>
  /** how many faults there are, if known: with very many the file says that not each has a note */
  faults?: number
  wording: Wording
}

/**
 * Writes the sender's own list with its faults marked: the same sheets, rows, columns and values, faulty cells
 * coloured (error red, warning amber) with the reason as a note and in one added column. Vehicles that a fleet list
 * does not name follow on a sheet of their own. The file can be mended and sent again.
 * @param out path of the .xlsx file to write
 * @param rows the rows with issues or mended cells, in the file's order
 * @throws what reading the source or the rows throws, and when the file cannot be written; nothing stays of it then
 */
export async function writeErrorsFile(
  out: string,
  source: SourceFile,
  rows: AsyncIterable<readonly RowFaults[]>,
  options: ErrorsFileOptions,
): Promise<void> {
  const { sheets, columns, missing, wording } = options
  const cursor = new FaultCursor(rows)
  try {
    await writeWorkbook(out, wording.t('product.name'), async (book) => {
      for (const { index, name } of sheets) {
        const own = columns.filter((c) => c.sheet === index)
        const sheet = { index, name, columns: own, faults: options.faults }
        await book.addSheet(await senderSheet(source, sheet, cursor, wording))
      }
      const absent = await missingSheet(missing, wording)
      if (absent) await book.addSheet(absent)
    })
  } finally {
    await cursor.close()
  }
}

const MISSING_FIELDS = ['plate', 'vin', 'category', 'energy', 'emission', 'registeredOn', 'county'] as const
const MISSING_WIDTHS = [13, 21, 14, 26, 10, 13, 14, 24]
const ANSWERS = ['stillInService', 'scrapped', 'deregistered', 'transferredOut', 'handedOver'] as const

/** The vehicles that are missing, if there are any. */
async function missingSheet(
  missing: AsyncIterable<readonly MissingRow[]>,
  wording: Wording,
): Promise<SheetSpec | undefined> {
  const batches = missing[Symbol.asyncIterator]()
  let first = await batches.next()
  while (!first.done && first.value.length === 0) first = await batches.next()
  if (first.done) return undefined
  async function* all(first: readonly MissingRow[]): AsyncIterable<readonly MissingRow[]> {
    yield first
    for (let next = await batches.next(); !next.done; next = await batches.next()) yield next.value
  }
  return {
    name: wording.t('workbook.missingSheet'),
    rows: missingRows(all(first.value), wording),
    widths: MISSING_WIDTHS,
    frozen: 2,
    merges: [{ top: 0, bottom: 0, left: 0, right: MISSING_FIELDS.length }],
    choices: [
      {
        column: MISSING_FIELDS.length,
        from: 3,
        values: ANSWERS.map((answer) => wording.t(`workbook.${answer}`)),
        message: wording.t('workbook.choose'),
        lenient: true,
      },
    ],
  }
}

async function* missingRows(
  missing: AsyncIterable<readonly MissingRow[]>,
  wording: Wording,
): AsyncIterable<OutRow[]> {
  const note = `${NOT_A_LIST[wording.language]}${wording.language === 'en' ? '. ' : '。'}${wording.t('workbook.missingExplained')}`
  const heads = [...MISSING_FIELDS.map((f) => wording.label('field', f)), wording.t('workbook.missingAnswer')]
  yield [
    { row: 1, height: 66, cells: [{ value: note, style: explanation }] },
    { row: 2, cells: heads.map((value): OutCell => ({ value, style: header })) },
  ]
  let row = 2
  for await (const batch of missing) {
    yield batch.map((facts): OutRow => {
      row++
      const cells = MISSING_FIELDS.map(
        (f): OutCell => ({ value: shown(f, facts[f] ?? '', wording), style: framed }),
      )
      return { row, cells: [...cells, { value: null, style: framed }] }
    })
  }
}

/** A fact in words. */
function shown(field: (typeof MISSING_FIELDS)[number], value: string, wording: Wording): string {
  if (field === 'county') {
    const region = allRegions().find((r) => r.code === value)
    return (wording.language === 'en' ? region?.english : region?.name) ?? value
  }
  return field === 'category' || field === 'energy' || field === 'emission'
    ? wording.label(field, value)
    : value
}
