import { randomUUID } from 'node:crypto'
import { link, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ObjectId } from 'mongodb'
import { z } from 'zod'
import { LANGUAGES } from '../../accounts/schema.ts'
import { inCounty } from '../../compliance/evidence.ts'
import { civilDate } from '../../domain/civil-date.ts'
import { allRegions } from '../../domain/regions.ts'
import { CATEGORIES } from '../../domain/vocabulary.ts'
import { notFound } from '../../http/problem.ts'
import type { Operators } from '../../operators/service.ts'
import type { VehicleDoc, VehicleModel } from '../../vehicles/model.ts'
import { createWording, type Wording } from '../../wording/index.ts'
import type { FileCache } from '../file-cache.ts'
import type { ImportDoc, ImportModel, ImportRowDoc, ImportRowModel } from '../model.ts'
import { type ColumnField, OUTCOMES } from '../schema.ts'
import { type MissingRow, writeErrorsFile } from './errors-file.ts'
import type { RowFaults } from './faults.ts'
import type { SourceFile } from './sender-sheet.ts'
import { type FleetVehicle, writeTemplate } from './template.ts'

/** What a form is made of. */
export const templateParams = z.object({
  language: z.enum(LANGUAGES),
  category: z.enum(CATEGORIES).optional(),
  /** whose present fleet it holds; an empty form when absent */
  operator: z.string().optional(),
  /** only vehicles of this part of the city */
  county: z.string().optional(),
  /** today */
  day: civilDate,
})
export type TemplateParams = z.infer<typeof templateParams>

export interface WorkbookParts {
  imports: ImportModel
  rows: ImportRowModel
  vehicles: VehicleModel
  operators: Operators
  cache: Pick<FileCache, 'pathOf'>
  /** where the files are written */
  folder: string
}

const BATCH = 500
const ROW = { seq: 1, sheet: 1, row: 1, issues: 1, mended: 1, cells: 1 }

/** Makes the workbooks that we give out, from what is kept. */
export class Workbooks {
  private readonly parts: WorkbookParts
  private readonly wordings = new Map<string, Wording>()

  constructor(parts: WorkbookParts) {
    this.parts = parts
  }

  /**
   * A list as it was sent, with its faults marked.
   * @returns the path of a new file, which the caller removes
   * @throws Problem 404 when there is no such list; ListProblem when its file can no longer be read
   */
  async errorsFile(id: string, language: string): Promise<{ path: string }> {
    const { imports } = this.parts
    const doc = await imports.collection.findOne<ImportDoc>({ _id: new ObjectId(id) })
    if (!doc) throw notFound()
    // The readers are large, and not every workbook needs them.
    const { openListFile } = await import('../reading/index.ts')
    const copy = await this.ownCopy(doc.file)
    try {
      const source = await openListFile(copy, doc.filename)
      try {
        return { path: await this.writeErrors(doc, source, language) }
      } finally {
        await source.close()
      }
    } finally {
      await rm(copy, { force: true })
    }
  }

  private async writeErrors(doc: ImportDoc, source: SourceFile, language: string): Promise<string> {
    const path = this.newPath()
    await writeErrorsFile(path, source, this.faults(doc), {
      sheets: doc.sheets.filter((s) => s.chosen),
      columns: doc.columns,
      missing: this.missing(doc),
      faults: doc.codes.reduce((sum, { rows }) => sum + rows, 0),
      wording: this.wording(language),
    })
    return path
  }

  /** A name of our own for a kept file: whoever else uses the copy removes it when its own work is done. */
  private async ownCopy(file: ImportDoc['file']): Promise<string> {
    const own = join(this.parts.folder, randomUUID())
    for (let left = 3; ; left--) {
      const cached = await this.parts.cache.pathOf(file)
      try {
        await link(cached, own)
        return own
      } catch (error) {
        // It was removed in between: the next copy is a new one.
        if (left === 0 || !isMissing(error)) throw error
      }
    }
  }

  /**
   * A form: an empty one, or an operator's present fleet.
   * @param given see `templateParams`
   * @returns the path of a new file, which the caller removes
   * @throws Problem 404 when there is no such operator
   */
  async templateFile(given: unknown): Promise<{ path: string }> {
    const params = templateParams.parse(given)
    const { language, category, operator, day } = params
    const path = this.newPath()
    const options = { category, day, wording: this.wording(language), regions: allRegions() }
    if (operator === undefined) {
      await writeTemplate(path, options)
      return { path }
    }
    const name = (await this.parts.operators.names()).get(operator)
    if (name === undefined) throw notFound()
    await writeTemplate(path, { ...options, operatorName: name, fleet: this.fleet(operator, params) })
    return { path }
  }

  private newPath(): string {
    return join(this.parts.folder, `${randomUUID()}.xlsx`)
  }

  private wording(language: string): Wording {
    const known = this.wordings.get(language) ?? createWording(language === 'en' ? 'en' : 'zh-CN')
    this.wordings.set(language, known)
    return known
  }

  /** Rows with issues or mended cells, in the file's order. */
  private async *faults(doc: ImportDoc): AsyncIterable<RowFaults[]> {
    const faulty = [{ 'issues.0': { $exists: true } }, { mended: { $exists: true } }]
    const rows = this.rows({ import: doc._id, row: { $gt: 0 }, outcome: { $in: OUTCOMES }, $or: faulty })
    for await (const batch of batched(rows)) yield batch.map(faultsOf)
  }

  private async *missing(doc: ImportDoc): AsyncIterable<MissingRow[]> {
    const rows = this.rows({ import: doc._id, outcome: 'missing' })
    for await (const batch of batched(rows)) yield batch.map((r) => r.cells)
  }

  /** The index over import, outcome and seq gives them in this order, for one outcome or several. */
  private rows(query: Record<string, unknown>): AsyncIterable<ImportRowDoc> {
    return this.parts.rows.collection
      .find<ImportRowDoc>(query as never, { projection: ROW, allowDiskUse: true })
      .sort({ seq: 1 })
      .batchSize(BATCH)
  }

  private async *fleet(
    operator: string,
    { category, county }: TemplateParams,
  ): AsyncIterable<FleetVehicle[]> {
    const query = {
      ...{ operator, status: 'active' },
      ...(category === undefined ? {} : { category }),
      ...(county === undefined ? {} : { county: inCounty(county) }),
    }
    const found = this.parts.vehicles.collection
      .find<VehicleDoc>(query as never, { projection: { life: 0 }, allowDiskUse: true })
      .sort({ category: 1, plate: 1, _id: 1 })
      .batchSize(BATCH)
    for await (const batch of batched(found)) yield batch.map((v) => ({ ...v, vin: v._id }))
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'

/** A cell counts as it was mended; a mended cell that is empty now is not among the row's cells. */
function faultsOf({ sheet, row, issues, mended = {}, cells }: ImportRowDoc): RowFaults {
  const now = Object.keys(mended).map((field) => [field, cells[field] ?? ''])
  return { sheet, row, issues, mended: Object.fromEntries(now) as Partial<Record<ColumnField, string>> }
}

async function* batched<T>(cursor: AsyncIterable<T>): AsyncIterable<T[]> {
  let batch: T[] = []
  for await (const one of cursor) {
    batch.push(one)
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
