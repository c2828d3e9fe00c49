import { once } from 'node:events'
import { createWriteStream, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Said } from '../lists/read-in-thread.ts'
import { HEADER, lineWith } from '../lists/vehicles.ts'
import { bookParts, sheetXml } from '../lists/workbook.ts'
import { zipOf } from '../lists/zip.ts'

/** Long lists in a thread with little memory. */

const OLD_SPACE_MB = 192
const WITHIN_MS = 180_000
/** Within node_modules, so that it finds the packages. */
const program = fileURLToPath(new URL('../../node_modules/.cache/read-in-thread/main.mjs', import.meta.url))
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'long-'))
  await build({
    entryPoints: [fileURLToPath(new URL('../lists/read-in-thread.ts', import.meta.url))],
    ...{ outfile: program, bundle: true, platform: 'node', format: 'esm', packages: 'external' },
  })
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Reads a list in a thread of its own. Throws what the thread throws, running out of memory included. */
function readInThread(path: string): Promise<Said> {
  const worker = new Worker(program, {
    workerData: path,
    resourceLimits: { maxOldGenerationSizeMb: OLD_SPACE_MB },
  })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the thread ended with ${code}`)))
  })
}

async function writeCsv(path: string, rows: number, cell: (i: number) => string): Promise<void> {
  const out = createWriteStream(path)
  out.write(`${HEADER.join(',')}\n`)
  for (let i = 1; i <= rows; i += 1000) {
    const lines = Array.from({ length: Math.min(1000, rows - i + 1) }, (_, k) =>
      lineWith(i + k, { 6: cell(i + k) }).join(','),
    )
    if (!out.write(`${lines.join('\n')}\n`)) await once(out, 'drain')
  }
  out.end()
  await finished(out)
}

describe('memory', () => {
  it.each([
    ['without quotes', (i: number) => `南平公交${i}`],
    ['with quotes', (i: number) => `"南平""公交"",${i}"`],
  ])('300,000 rows of .csv %s', { timeout: 2 * WITHIN_MS }, async (_, cell) => {
    const path = join(folder, 'long.csv')
    await writeCsv(path, 300_000, cell)
    const start = performance.now()
    expect(await readInThread(path)).toMatchObject({ rows: 300_000, first: 2, last: 300_001 })
    expect(performance.now() - start).toBeLessThan(WITHIN_MS)
  })

  it('100,000 rows of .xlsx, every text its own', { timeout: 2 * WITHIN_MS }, async () => {
    const path = join(folder, 'long.xlsx')
    const columns = HEADER.length
    let strings = HEADER.map((h) => `<si><t>${h}</t></si>`).join('')
    const lines: string[] = []
    for (let i = 0; i <= 100_000; i++) {
      const cells = HEADER.map(
        (_, c) => `<c r="${String.fromCharCode(65 + c)}${i + 1}" t="s"><v>${i * columns + c}</v></c>`,
      )
      lines.push(`<row r="${i + 1}">${cells.join('')}</row>`)
      if (i > 0)
        strings += lineWith(i, { 3: `公交${i}`, 7: `县${i}` })
          .map((t) => `<si><t>${t}</t></si>`)
          .join('')
    }
    const xml = sheetXml({}).replace('<sheetData></sheetData>', `<sheetData>${lines.join('')}</sheetData>`)
    writeFileSync(path, zipOf(bookParts({ sheets: [{ xml }], sharedStrings: `<sst>${strings}</sst>` })))
    const start = performance.now()
    const said = await readInThread(path)
    expect(said).toMatchObject({ rows: 100_000, first: 2, last: 100_001 })
    expect(performance.now() - start).toBeLessThan(WITHIN_MS)
    // a million texts and the pieces of the file being read, kept apart from the heap
    expect(said.outside).toBeLessThan(96 * 1024 ** 2)
    expect(statSync(path).size).toBeGreaterThan(1024 ** 2)
  })
})
