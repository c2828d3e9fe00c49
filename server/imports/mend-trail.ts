import type { z } from 'zod'
import { bySeq, type ImportDoc, type ImportRowDoc, type ImportRowModel } from './model.ts'
import type { mendImport } from './schema.ts'

/** So many rows are told one by one. */
const MOST = 40

/** What a mend changes, for the audit log: by row and column the cell as it was and as it is to be. */
export interface MendTrail {
  before: Record<string, unknown>
  after: Record<string, unknown>
  detail?: Record<string, unknown>
}

/**
 * Reads what is about to be mended; call it before. Only the list's own rows are read.
 * @param list whose rows are mended
 */
export async function mendTrail(
  list: ImportDoc['_id'],
  body: z.output<typeof mendImport>,
  rows: ImportRowModel,
): Promise<MendTrail> {
  if (!('rows' in body)) return { before: {}, after: { ...body.cells }, detail: { where: body.where } }
  const mended = body.rows.slice(0, MOST)
  const seqs = mended.map((row) => row.seq)
  const found = await rows.collection
    .find<Pick<ImportRowDoc, 'seq' | 'row' | 'cells' | 'mended'>>(bySeq(list, seqs) as never, {
      projection: { seq: 1, row: 1, cells: 1, mended: 1 },
    })
    .toArray()
  const own = new Map(found.map((row) => [row.seq, row]))
  const trail: MendTrail = { before: {}, after: {} }
  for (const { seq, cells } of mended) {
    const row = own.get(seq)
    if (!row) continue
    const name = String(row.row || seq)
    const was = { ...row.cells, ...row.mended }
    trail.before[name] = Object.fromEntries(Object.keys(cells).map((field) => [field, was[field] ?? null]))
    // A mend that is taken back leaves what the file says.
    trail.after[name] = Object.fromEntries(
      Object.entries(cells).map(([field, text]) => [field, text ?? row.cells[field] ?? null]),
    )
  }
  return body.rows.length > MOST ? { ...trail, detail: { rows: body.rows.length } } : trail
}
