import { expect, it, vi } from 'vitest'
import { readRow } from '../../server/domain/read-row.ts'
import { ListProblem, openListFile } from '../../server/imports/reading/index.ts'
import { mutants } from '../lists/mutate.ts'
import { all, withFile } from '../lists/read.ts'

const COUNT = 300
const MS_EACH = 5000
const HEAP_GROWTH = 150 * 1024 ** 2

/** Reads a file as far as it can be read. @returns its rows, or the problem's code */
async function read(bytes: Buffer, filename: string): Promise<number | string> {
  try {
    return await withFile(bytes, async (path) => {
      const file = await openListFile(path, filename)
      try {
        let rows = 0
        for (const { index } of file.sheets) {
          const found = await all(file.rows(index))
          const numbers = found.map((r) => r.row)
          expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
          for (const { cells } of found) readRow(cells, { today: '2026-11-02' })
          rows += found.length
          await all(file.raw(index))
        }
        return rows
      } finally {
        await file.close()
      }
    })
  } catch (error) {
    if (error instanceof ListProblem) return error.code
    throw error
  }
}

it(`${COUNT} damaged lists give rows or a problem, soon, and in bounded memory`, {
  timeout: 300_000,
}, async () => {
  // the reader of .xls writes about damage to the console
  const quiet = [vi.spyOn(console, 'error'), vi.spyOn(console, 'warn'), vi.spyOn(console, 'log')]
  for (const spy of quiet) spy.mockImplementation(() => undefined)
  const outcomes = new Map<string, number>()
  const before = process.memoryUsage().heapUsed
  let peak = 0
  for (const { name, filename, bytes } of mutants(1, COUNT)) {
    const start = performance.now()
    const outcome = await read(bytes, filename).catch((error) => {
      throw new Error(name, { cause: error })
    })
    expect(performance.now() - start, name).toBeLessThan(MS_EACH)
    peak = Math.max(peak, process.memoryUsage().heapUsed)
    const kind = typeof outcome === 'number' ? 'rows' : outcome
    outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1)
  }
  for (const spy of quiet) spy.mockRestore()
  expect(peak - before).toBeLessThan(HEAP_GROWTH)
  // the mutations must neither spare everything nor break everything
  expect(outcomes.get('rows') ?? 0).toBeGreaterThan(COUNT / 6)
  expect(outcomes.get('import.corrupt') ?? 0).toBeGreaterThan(COUNT / 6)
})

it('the same seed gives the same damage', () => {
  const of = (seed: number) => Array.from(mutants(seed, 20), (m) => `${m.name} ${m.bytes.toString('base64')}`)
  expect(of(7)).toEqual(of(7))
  expect(of(7)).not.toEqual(of(8))
})
