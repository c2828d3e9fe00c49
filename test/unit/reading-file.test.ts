import { expect, it } from 'vitest'
import { NOTE_CODES, openListFile } from '../../server/imports/reading/index.ts'
import { createWording, type WordingKey } from '../../server/wording/index.ts'
import { all, problemOf, readList, withFile } from '../lists/read.ts'
import { csv, HEADER, line, lineWith, plate, vin } from '../lists/vehicles.ts'
import { type CellSpec, sheetBook } from '../lists/workbook.ts'

/** What an open list offers beside its rows. */

const list = (rows: number): Buffer =>
  Buffer.from(csv([HEADER, ...Array.from({ length: rows }, (_, i) => line(i + 1))]))

it('gives rows in batches of at most 1000, and again when asked again', () =>
  withFile(list(2500), async (path) => {
    const file = await openListFile(path, 'x.csv')
    const sizes: number[] = []
    for await (const batch of file.rows(0)) sizes.push(batch.length)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1000)
    const rows = await all(file.rows(0))
    expect(rows).toHaveLength(2500)
    expect(rows.at(-1)).toMatchObject({ row: 2501, cells: { vin: vin(2500) } })
    await file.close()
  }))

it('can be left in the middle, and read by two at once', () =>
  withFile(list(3000), async (path) => {
    const file = await openListFile(path, 'x.csv')
    for await (const batch of file.rows(0)) if (batch.length > 0) break
    const [a, b] = await Promise.all([all(file.rows(0)), all(file.raw(0))])
    expect([a.length, b.length]).toEqual([3000, 3001])
    await file.close()
  }))

it('reads columns as it is told', () =>
  withFile(
    sheetBook({
      rows: [
        ['自编号', ...HEADER.slice(1), '车主'],
        ['闽H12345', ...line(1).slice(1), '建阳公交'],
      ],
    }),
    async (path) => {
      const file = await openListFile(path, 'x.xlsx')
      const fields = new Map([
        [0, 'plate'],
        [2, 'vin'],
        [10, 'operator'],
        [1, 'plate'],
      ] as const)
      expect(await all(file.rows(0, fields))).toEqual([
        { row: 2, hidden: false, cells: { plate: '闽H12345', vin: vin(1), operator: '建阳公交' } },
      ])
      expect((await all(file.rows(0)))[0]?.cells).toMatchObject({ plate: plate(1), operator: '南平公交' })
      await file.close()
    },
  ))

it('gives the sheet as it stands: every cell, merged ranges, widths', () =>
  withFile(
    sheetBook(
      {
        rows: [
          ['台账'],
          HEADER,
          lineWith<CellSpec>(1, {
            0: 1,
            3: null,
            5: { attributes: 's="1"', inner: '<v>45423</v>' },
            6: { attributes: 't="b"', inner: '<v>1</v>' },
          }),
          [],
          ['合计'],
        ],
        merges: ['A1:J1'],
        before: '<cols><col min="2" max="3" width="12.5"/></cols>',
        rowAttributes: { 5: 'hidden="1"' },
      },
      { formats: ['yyyy/m/d'] },
    ),
    async (path) => {
      const file = await openListFile(path, 'x.xlsx')
      const raw = await all(file.raw(0))
      expect(raw.map((r) => [r.row, r.hidden])).toEqual([
        [1, false],
        [2, false],
        [3, false],
        [5, true],
      ])
      expect(raw[2]?.cells.slice(0, 7)).toEqual([
        { text: '1', value: 1 },
        { text: plate(1), value: plate(1) },
        { text: vin(1), value: vin(1) },
        null,
        { text: '纯电动', value: '纯电动' },
        { text: '2024/5/11', value: 45423, date: '2024-05-11' },
        { text: 'TRUE', value: true },
      ])
      expect(file.merges(0)).toEqual([{ top: 0, left: 0, bottom: 0, right: 9 }])
      expect(file.widths(0)).toEqual([null, 12.5, 12.5])
      await file.close()
    },
  ))

it('shows samples of every column, of those that mean nothing too', async () => {
  const { columns } = await readList(
    Buffer.from(
      csv([
        [...HEADER, '座位数'],
        [...line(1), ''],
        [...line(2), ' 48 '],
        [...line(3), '36'],
        [...line(4), '20'],
        [...line(5), '10'],
      ]),
    ),
  )
  expect(columns.find((c) => c.header === '座位数')).toMatchObject({
    letter: 'K',
    field: null,
    samples: ['48', '36', '20'],
  })
})

it('counts rows against the limit of the call, or of the opening', () =>
  withFile(list(30), async (path) => {
    const file = await openListFile(path, 'x.csv', { maxRows: 29 })
    expect(await problemOf(all(file.rows(0)))).toMatchObject({
      code: 'import.too-many-rows',
      params: { max: '29' },
    })
    expect(await all(file.rows(0, undefined, { maxRows: 30 }))).toHaveLength(30)
    expect(await problemOf(all(file.rows(0, undefined, { maxRows: 0 })))).toMatchObject({
      code: 'import.too-many-rows',
    })
    await file.close()
  }))

it('says of a long list of only a header and remarks that it holds no rows', () =>
  withFile(
    Buffer.from(csv([HEADER, ...Array.from({ length: 200 }, (_, i) => [String(i)])])),
    async (path) => {
      const file = await openListFile(path, 'x.csv')
      expect(await all(file.rows(0))).toEqual([])
      await file.close()
    },
  ))

it('keeps back no more than fifty rows that may be remarks', async () => {
  const remark = ['备注', plate(1).slice(0, 4), '', '城市公交', '纯电动']
  const { rows, notes } = await readList(
    Buffer.from(csv([HEADER, line(1), ...Array.from({ length: 120 }, () => remark)])),
  )
  expect(rows.length + (notes.find((n) => n.code === 'note.footer')?.count ?? 0)).toBe(121)
  expect(notes[0]?.rows).toHaveLength(20)
})

it('has words for every note, in both languages', () => {
  const params = { count: 3, columns: 'B 车牌号', extension: 'xls', format: 'html', max: 500 }
  for (const language of ['zh-CN', 'en'] as const) {
    const { t } = createWording(language)
    for (const code of NOTE_CODES) {
      const text = t(code as WordingKey, params)
      expect(text).not.toBe(code)
      expect(text).not.toMatch(/[{}]|undefined/)
    }
  }
  expect(createWording('en').t('note.total' as WordingKey, { count: 1 })).toBe(
    'One row with totals was not read as data',
  )
})
