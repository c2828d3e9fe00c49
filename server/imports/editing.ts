import type { z } from 'zod'
import { plain } from '../domain/read-text.ts'
import { notFound } from '../http/problem.ts'
import type { Caller } from '../http/route.ts'
import { refuseUnless, wrongStatus } from './actions.ts'
import { mendKey } from './check/lines.ts'
import { type MendTrail, mendTrail } from './mend-trail.ts'
import {
  bySeq,
  type ImportDoc,
  type ImportRowDoc,
  type MappingDoc,
  type MappingModel,
  type MendDoc,
  type MendModel,
} from './model.ts'
import { modeOf, settleClaims, wordKey } from './plan.ts'
import { type QuickParts, quickMend } from './quick-mend.ts'
import type {
  ColumnField,
  ImportColumn,
  ImportRowView,
  ImportValue,
  ImportView,
  mapImport,
  mendImport,
} from './schema.ts'
import { actorOf, type ImportService, mappingKey } from './service.ts'
import type { ImportThread } from './thread-host.ts'

export interface EditingParts extends QuickParts {
  mends: MendModel
  mappings: MappingModel
  service: ImportService
  thread: ImportThread
}

type Cells = Partial<Record<ColumnField, string | null>>

const BATCH = 1000
/** Lists up to so many rows are checked whole after every mend: it takes a moment. */
const CHECKED_WHOLE = 3_000
/** So long a request waits for the new check; a long list's goes on without it. */
const PATIENCE_MS = 8_000
const LOOK_MS = 20

/** Mending a list's cells, saying how it is to be read, and checking it anew. */
export class ImportEditing {
  private readonly parts: EditingParts

  constructor(parts: EditingParts) {
    this.parts = parts
  }

  /**
   * Mends cells and checks the list again.
   * @returns the list, and the mended rows as they have become; without rows when a long list's check still goes on;
   *   and what was mended, for the audit log
   * @throws Problem 404, 409 when the list can no longer be mended
   */
  async mend(
    id: string,
    body: z.output<typeof mendImport>,
    caller: Caller,
    now: Date,
  ): Promise<{ view: ImportView; rows: ImportRowView[]; trail: MendTrail }> {
    const { service } = this.parts
    const doc = await service.find(id, caller)
    refuseUnless(doc, caller, 'mend')
    const trail = await mendTrail(doc._id, body, this.parts.rows)
    const seqs = 'rows' in body ? await this.mendRows(doc, body.rows) : await this.mendWhere(doc, body)
    const quick = 'rows' in body && (await this.checkQuickly(doc, body.rows, now))
    if (quick) await this.parts.imports.collection.updateOne({ _id: doc._id }, { $set: { touchedAt: now } })
    const view = quick ? await service.get(id, caller, now) : await this.check(doc, caller, {}, now)
    if (view.status !== 'checked') return { view, rows: [], trail }
    const rows = await this.parts.rows.collection.find<ImportRowDoc>(bySeq(doc._id, seqs) as never).toArray()
    return {
      view,
      rows: await service.showRows(
        rows.sort((a, b) => a.seq - b.seq),
        doc,
      ),
      trail,
    }
  }

  private async mendRows(doc: ImportDoc, mended: { seq: number; cells: Cells }[]): Promise<number[]> {
    const seqs = mended.map((m) => m.seq)
    const rows = await this.parts.rows.collection.find<ImportRowDoc>(bySeq(doc._id, seqs) as never).toArray()
    const found = new Map(rows.map((r) => [r.seq, r]))
    const operations = mended.map(({ seq, cells }) => {
      const row = found.get(seq)
      if (!row) throw notFound()
      return mendOf(doc, row, cells)
    })
    await this.parts.mends.collection.bulkWrite(operations as never, { ordered: true })
    return seqs
  }

  /** Of a long list only what hangs together with the mended rows is checked. @returns whether it was */
  private async checkQuickly(
    doc: ImportDoc,
    mended: readonly { seq: number; cells: Cells }[],
    now: Date,
  ): Promise<boolean> {
    if (doc.counts.total <= CHECKED_WHOLE) return false
    // Another name of a vehicle of a fleet also changes which ones the list does not name.
    if (doc.mode === 'fleet' && mended.some(({ cells }) => 'vin' in cells || 'plate' in cells)) return false
    const { rows, mends } = this.parts
    const seqs = mended.map((m) => m.seq)
    const found = await rows.collection.find<ImportRowDoc>(bySeq(doc._id, seqs) as never).toArray()
    if (found.some((row) => row.row === 0)) return false
    const ids = found.map((row) => mendId(doc, row))
    const kept = await mends.collection.find<MendDoc>({ _id: { $in: ids } } as never).toArray()
    const cells = new Map(kept.map((m) => [m._id, m.cells]))
    const asMended = found.map((row) => ({ row, cells: cells.get(mendId(doc, row)) ?? {} }))
    return quickMend(doc, asMended, now, this.parts)
  }

  /** Mends all rows that have an outcome or an issue code. */
  private async mendWhere(
    doc: ImportDoc,
    { where, cells }: { where: { outcome?: string | undefined; code?: string | undefined }; cells: Cells },
  ): Promise<number[]> {
    const filter = {
      import: doc._id,
      ...(where.outcome ? { outcome: where.outcome } : {}),
      ...(where.code ? { codes: where.code } : {}),
    }
    const found = this.parts.rows.collection.find<ImportRowDoc>(filter as never).batchSize(BATCH)
    let operations: object[] = []
    const flush = async () => {
      if (operations.length > 0) await this.parts.mends.collection.bulkWrite(operations as never)
      operations = []
    }
    for await (const row of found) {
      operations.push(mendOf(doc, row, cells))
      if (operations.length >= BATCH) await flush()
    }
    await flush()
    return []
  }

  /** Says how the list is to be read, remembers it for the sender's next one if wanted, and checks the list anew. */
  async map(id: string, body: z.output<typeof mapImport>, caller: Caller, now: Date): Promise<ImportView> {
    const doc = await this.parts.service.find(id, caller)
    refuseUnless(doc, caller, 'map')
    const set = mapped(doc, body)
    if (body.remember) await this.remember(doc, body, caller, now)
    return this.check(doc, caller, set, now)
  }

  private async remember(
    doc: ImportDoc,
    body: z.output<typeof mapImport>,
    caller: Caller,
    now: Date,
  ): Promise<void> {
    const { mappings } = this.parts
    const _id = mappingKey(doc)
    const before = (await mappings.collection.findOne({ _id: _id as never })) as MappingDoc | null
    const columns = new Map(before?.columns.map((c) => [plain(c.header), c]))
    for (const { sheet, index, field } of body.columns ?? []) {
      const header = doc.columns.find((c) => c.sheet === sheet && c.index === index)?.header
      if (header) columns.set(plain(header), { header, field })
    }
    const values = new Map(before?.values.map((v) => [wordKey(v.field, v.text), v]))
    for (const { field, text, value } of body.values ?? []) {
      if (value === null) values.delete(wordKey(field, text))
      else values.set(wordKey(field, text), { field, text, value })
    }
    const { operator: _, ...defaults } = withoutNulls({ ...before?.defaults, ...body.defaults })
    const kept: MappingDoc = {
      ...{ _id, columns: [...columns.values()], values: [...values.values()], defaults },
      ...{ savedBy: actorOf(caller), savedAt: now },
    }
    await mappings.collection.replaceOne({ _id: _id as never }, kept as never, { upsert: true })
  }

  /** Checks a list again, against the register as it has become. */
  async recheck(id: string, caller: Caller, now: Date): Promise<ImportView> {
    const doc = await this.parts.service.find(id, caller)
    refuseUnless(doc, caller, 'recheck')
    return this.check(doc, caller, {}, now, 0)
  }

  /** Has a list checked anew, and waits a while for it. */
  private async check(
    doc: ImportDoc,
    caller: Caller,
    set: Partial<ImportDoc>,
    now: Date,
    patienceMs = PATIENCE_MS,
  ): Promise<ImportView> {
    const { imports, thread, service } = this.parts
    const again = {
      ...{ status: 'parsing', progress: { done: 0, total: doc.counts.total }, lease: null },
      ...{ tries: 0, failures: 0 },
      // The reason of a return stays in sight until the list is sent in again.
      submittedAt: null,
      touchedAt: now,
    }
    const done = await imports.collection.updateOne(
      { _id: doc._id, status: doc.status },
      { $set: { ...set, ...again } as never },
    )
    if (done.matchedCount === 0) throw wrongStatus(await service.find(doc._id.toHexString(), caller))
    thread.kick()
    for (
      const until = Date.now() + patienceMs;
      ;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    ) {
      const view = await service.get(doc._id.toHexString(), caller, now)
      if (view.status !== 'parsing' || Date.now() >= until) return view
    }
  }
}

const withoutNulls = (cells: Cells): ImportDoc['defaults'] =>
  Object.fromEntries(
    Object.entries(cells).filter(([, text]) => text !== null && text !== ''),
  ) as ImportDoc['defaults']

/** What a row's mends are kept under: its place in the file, or the vehicle that a list does not name. */
const keyOf = (row: ImportRowDoc): string =>
  row.row === 0 ? (row.cells.vin ?? row.values.vin ?? '') : mendKey(row.sheet, row.row)

const mendId = (doc: ImportDoc, row: ImportRowDoc): string => `${doc._id.toHexString()}|${keyOf(row)}`

function mendOf(doc: ImportDoc, row: ImportRowDoc, cells: Cells) {
  const key = keyOf(row)
  const set: Record<string, unknown> = { import: doc._id, key }
  const unset: Record<string, ''> = {}
  for (const [field, text] of Object.entries(cells)) {
    if (text === null) unset[`cells.${field}`] = ''
    else set[`cells.${field}`] = text
  }
  const update = Object.keys(unset).length > 0 ? { $set: set, $unset: unset } : { $set: set }
  return { updateOne: { filter: { _id: mendId(doc, row) }, update, upsert: true } }
}

/** The document's parts that say how a list is read, as somebody has now said. */
function mapped(doc: ImportDoc, body: z.output<typeof mapImport>): Partial<ImportDoc> {
  const sheets = body.sheets
    ? doc.sheets.map((s) => ({ ...s, chosen: s.headerRow > 0 && (body.sheets ?? []).includes(s.index) }))
    : doc.sheets
  const columns = mappedColumns(doc.columns, body.columns ?? [])
  const defaults = withoutNulls({ ...doc.defaults, ...body.defaults })
  const modeFound = body.mode === undefined && doc.modeFound
  const mode = body.mode ?? (doc.modeFound ? modeOf(sheets, columns, defaults) : doc.mode)
  const asOf = mode === 'fleet' ? (body.asOf ?? doc.asOf ?? null) : null
  return {
    sheets,
    columns,
    defaults,
    mode,
    modeFound,
    asOf,
    values: mappedValues(doc.values, body.values ?? []),
  }
}

function mappedColumns(
  columns: readonly ImportColumn[],
  said: readonly { sheet: number; index: number; field: ColumnField | null }[],
): ImportColumn[] {
  const now = columns.map((c): ImportColumn => {
    const one = said.find((s) => s.sheet === c.sheet && s.index === c.index)
    return one ? { ...c, field: one.field, by: 'mapped' } : c
  })
  // What is said now goes before what was said earlier.
  const taken = new Set(said.flatMap((s) => (s.field === null ? [] : [`${s.sheet} ${s.field}`])))
  const free = now.map((c) =>
    c.field !== null &&
    taken.has(`${c.sheet} ${c.field}`) &&
    !said.some((s) => s.sheet === c.sheet && s.index === c.index)
      ? { ...c, field: null }
      : c,
  )
  const sheets = [...new Set(free.map((c) => c.sheet))]
  return sheets.flatMap((sheet) => settleClaims(free.filter((c) => c.sheet === sheet)))
}

function mappedValues(
  values: readonly ImportValue[],
  said: readonly { field: ColumnField; text: string; value: string | null }[],
): ImportValue[] {
  const kept = new Map(values.map((v) => [wordKey(v.field, v.text), v]))
  for (const { field, text, value } of said) {
    const key = wordKey(field, text)
    const rows = kept.get(key)?.rows ?? 0
    if (value === null) kept.delete(key)
    else kept.set(key, { field, text, value, rows, by: 'mapped' })
  }
  return [...kept.values()]
}
