import type { Region } from '../../domain/regions.ts'
import type { Category, Emission, Energy } from '../../domain/vocabulary.ts'
import type { Wording } from '../../wording/index.ts'
import { EXAMPLE_ROW } from '../reading/markers.ts'
import {
  codeText,
  exampleRows,
  type FormColumn,
  type FormKind,
  formColumns,
  regionText,
} from './form-columns.ts'
import { guideSheet } from './guide-sheet.ts'
import { example, header, requiredHeader, text, title } from './looks.ts'
import type { OutCell, OutRow } from './xlsx/cells.ts'
import type { SheetSpec } from './xlsx/sheet.ts'
import { writeWorkbook } from './xlsx/workbook.ts'

/** A vehicle of the register, as a list of the present fleet holds it. */
export interface FleetVehicle {
  vin: string
  plate: string
  category: Category
  energy: Energy
  emission: Emission | null
  registeredOn: string | null
  county: string
}

export interface TemplateOptions {
  /** the category that the form is for; any when absent */
  category?: Category | undefined
  /** the operator's vehicles in service: the form is then the list of them, to correct and send back */
  fleet?: AsyncIterable<readonly FleetVehicle[]> | undefined
  /** whose vehicles they are */
  operatorName?: string | undefined
  /** the day on which the fleet is so, `YYYY-MM-DD` */
  day?: string | undefined
  wording: Wording
  /** the counties to choose from */
  regions: readonly Region[]
}

const HEADER_ROW = 2

/**
 * Writes a form: an empty one for changes, or an operator's present fleet to correct and send back. Coded columns have
 * drop-downs, a second sheet explains each column; our reader takes the first sheet and leaves the examples out.
 * @param out path of the .xlsx file to write
 * @throws what reading the fleet throws, and when the file cannot be written; nothing stays of it then
 */
export async function writeTemplate(out: string, options: TemplateOptions): Promise<void> {
  const { wording, regions, fleet } = options
  const kind: FormKind = { category: options.category ?? null, fleet: fleet !== undefined }
  const columns = formColumns(kind, regions, wording)
  await writeWorkbook(out, wording.t('product.name'), async (book) => {
    const sheet = formSheet(columns, kind, options)
    await book.addSheet(sheet)
    await book.addSheet(guideSheet(columns, kind, sheet.name, exampleRows(kind, regions, wording), wording))
  })
}

function formSheet(columns: readonly FormColumn[], kind: FormKind, options: TemplateOptions): SheetSpec {
  const { wording, fleet } = options
  const choose = wording.t('workbook.choose')
  return {
    name: wording.t(kind.fleet ? 'workbook.fleetSheet' : 'workbook.formSheet'),
    rows: fleet ? fleetRows(fleet, columns, options) : [emptyRows(columns, kind, options)],
    widths: [8, ...columns.map((c) => c.width)],
    columnStyles: [undefined, ...columns.map((c) => (c.field === 'packs' ? undefined : text))],
    frozen: HEADER_ROW,
    merges: [{ top: 0, bottom: 0, left: 0, right: columns.length }],
    choices: columns.flatMap(({ values }, i) =>
      values === null
        ? []
        : [{ column: i + 1, from: HEADER_ROW + 1, values: values.map((v) => v.value), message: choose }],
    ),
    ...(kind.fleet ? { filter: { header: HEADER_ROW, right: columns.length } } : {}),
  }
}

function topRows(columns: readonly FormColumn[], name: string, { wording }: TemplateOptions): OutRow[] {
  const heads = columns.map(
    (c): OutCell => ({ value: c.header, style: c.need === 'always' ? requiredHeader : header }),
  )
  return [
    { row: 1, height: 30, cells: [{ value: name, style: title }] },
    {
      row: HEADER_ROW,
      height: 33,
      cells: [{ value: wording.t('workbook.number'), style: header }, ...heads],
    },
  ]
}

function emptyRows(columns: readonly FormColumn[], kind: FormKind, options: TemplateOptions): OutRow[] {
  const { wording, regions } = options
  const name =
    kind.category === null
      ? wording.t('workbook.anyFormTitle')
      : wording.t('workbook.formTitle', { category: wording.label('category', kind.category) })
  const examples = exampleRows(kind, regions, wording).map((facts, i): OutRow => {
    const cells = columns.map((c): OutCell => ({ value: facts[c.field] ?? '', style: example }))
    return {
      row: HEADER_ROW + 1 + i,
      cells: [{ value: EXAMPLE_ROW[wording.language], style: example }, ...cells],
    }
  })
  return [...topRows(columns, name, options), ...examples]
}

async function* fleetRows(
  fleet: AsyncIterable<readonly FleetVehicle[]>,
  columns: readonly FormColumn[],
  options: TemplateOptions,
): AsyncIterable<OutRow[]> {
  const { wording, regions, operatorName = '', day = '' } = options
  const counties = new Map(regions.map((r) => [r.code, regionText(r, wording)]))
  yield topRows(columns, wording.t('workbook.fleetTitle', { operator: operatorName, day }), options)
  let number = 0
  for await (const batch of fleet) {
    yield batch.map((vehicle): OutRow => {
      const facts: Record<string, string> = {
        ...{ plate: vehicle.plate, vin: vehicle.vin, operator: operatorName },
        category: codeText('category', vehicle.category, wording),
        energy: codeText('energy', vehicle.energy, wording),
        emission: vehicle.emission === null ? '' : codeText('emission', vehicle.emission, wording),
        registeredOn: vehicle.registeredOn ?? '',
        county: counties.get(vehicle.county) ?? vehicle.county,
      }
      number++
      const cells = columns.map((c): OutCell => ({ value: facts[c.field] ?? '', style: text }))
      return { row: HEADER_ROW + number, cells: [{ value: number }, ...cells] }
    })
  }
}
