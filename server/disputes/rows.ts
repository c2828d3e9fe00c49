import { bySeq, type ImportRowDoc, type ImportRowModel } from '../imports/model.ts'
import type { DisputeDoc } from './model.ts'

/**
 * The row that a dispute is about, as its list's latest check left it. It is found by its sheet and number there: its
 * place in the file changes when other sheets are read.
 */
export async function rowOf(
  { import: list, seq, sheetIndex, row }: Pick<DisputeDoc, 'import' | 'seq' | 'sheetIndex' | 'row'>,
  rows: ImportRowModel,
): Promise<ImportRowDoc | null> {
  const place = { sheet: sheetIndex, row }
  const there = await rows.collection.findOne<ImportRowDoc>({ ...bySeq(list, [seq]), ...place } as never)
  return there ?? rows.collection.findOne<ImportRowDoc>({ import: list, ...place } as never)
}
