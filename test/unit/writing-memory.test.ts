import { once } from 'node:events'
import { createReadStream, statSync, writeFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { afterAll, expect, test } from 'vitest'
import { openListFile } from '../../server/imports/reading/index.ts'
import { MAX_NOTES, writeWorkbook } from '../../server/imports/writing/xlsx/workbook.ts'
import { Folder } from '../harness/workbook.ts'

const folder = new Folder()
afterAll(() => folder.remove())

const ROWS = 100_000
const HEADER =
  '序号,车牌号,车架号,车辆类别,能源类型,排放标准,注册日期,所属企业,县(市、区),使用性质,变动类型,变动日期,被更新车牌号,淘汰方式,更换电池块数'

/** Every other row has three faults, so that notes, colours and words are all many. */
function line(i: number): string[] {
  const good = [
    String(i),
    `闽H${String(i).padStart(5, '0').slice(-5)}`,
    'LZYTAGB60P1100001',
    '公交车',
    '纯电动',
  ]
  const bad = [String(i), `闽HI${i}`, `L${i}`, '公交车', '混合动力']
  return [
    ...(i % 2 ? good : bad),
    '',
    '2025-03-01',
    `闽北示例公交有限公司第${i % 9}分公司`,
    '延平区',
    '营运',
    '新增',
    '2025-03-01',
    '',
    '',
    '',
  ]
}

async function written(path: string, out: string): Promise<void> {
  const program = new URL('../harness/errors-worker.ts', import.meta.url).href
  const worker = new Worker(`import('tsx/esm/api').then((t) => (t.register(), import('${program}')))`, {
    eval: true,
    workerData: { path, out },
    resourceLimits: { maxOldGenerationSizeMb: 192 },
  })
  const [said] = await once(worker, 'message')
  expect(said).toBe('written')
  await worker.terminate()
}

/** How often a text stands in a file's part, without the whole of it in memory. */
async function expectWhole(out: string): Promise<void> {
  expect(statSync(out).size).toBeGreaterThan(1_000_000)
  expect(createReadStream(out).path).toBe(out)
  const file = await openListFile(out, out)
  let rows = 0
  let last = 0
  for await (const batch of file.raw(0)) {
    rows += batch.length
    last = batch.at(-1)?.row ?? last
  }
  expect([rows, last]).toEqual([ROWS + 1, ROWS + 1])
  await file.close()
}

test('100,000 rows of .csv, half of them faulty, are marked in a thread of 192 MB', async () => {
  const path = folder.of('many.csv')
  writeFileSync(
    path,
    `${[HEADER, ...Array.from({ length: ROWS }, (_, i) => line(i).join(','))].join('\n')}\n`,
  )
  const out = folder.of('many.xlsx')
  await written(path, out)
  await expectWhole(out)
}, 360_000)

test('100,000 rows of .xlsx too', async () => {
  const path = folder.of('source.xlsx')
  await writeWorkbook(path, 'a', (book) =>
    book.addSheet({
      name: '表',
      rows: Array.from({ length: ROWS / 1000 + 1 }, (_, b) =>
        Array.from({ length: b === 0 ? 1 : 1000 }, (_, i) => {
          const row = b === 0 ? 1 : (b - 1) * 1000 + i + 2
          return { row, cells: (b === 0 ? HEADER.split(',') : line(row - 2)).map((value) => ({ value })) }
        }),
      ),
    }),
  )
  const out = folder.of('source-errors.xlsx')
  await written(path, out)
  await expectWhole(out)
}, 360_000)

test('notes stop at what a spreadsheet opens in reasonable time', () => {
  expect(MAX_NOTES).toBeLessThanOrEqual(50_000)
})
