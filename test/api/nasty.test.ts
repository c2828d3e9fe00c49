import { ObjectId } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ImportRowDoc } from '../../server/imports/model.ts'
import type { ImportView } from '../../server/imports/schema.ts'
import { csvOf, vehicleOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'
import { type Expected, NASTY } from '../lists/nasty.ts'

/** Every nasty list through the whole service, one after the other. */
const PATIENCE_MS = 150_000

let service: TestService
let watching = true
let watched: Promise<number[]>

beforeAll(async () => {
  service = await startTestService()
  watched = watch()
})
afterAll(() => service.close())

/** Asks all the while whether the service is well. @returns the answers' states */
async function watch(): Promise<number[]> {
  const answers: number[] = []
  while (watching) {
    answers.push((await service.visitor().get('//healthz')).status)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return answers
}

/** Waits until a list's check has come to an end, whichever. */
async function ended(id: string): Promise<ImportView> {
  for (const deadline = Date.now() + PATIENCE_MS; ; await new Promise((r) => setTimeout(r, 25))) {
    const { body } = await service.admin.get<ImportView>(`/imports/${id}`)
    if (body.status !== 'parsing') return body
    if (Date.now() > deadline) throw new Error(`stuck: ${JSON.stringify(body)}`)
  }
}

const db = () => service.services.models.imports.db
const kept = async () => {
  const count = (name: string) => db().collection(name).countDocuments()
  return {
    lists: await count('imports'),
    files: await count('import-files.files'),
    chunks: await count('import-files.chunks'),
  }
}

/** A list that was read: its rows and notes are those expected. */
async function expectRead(view: ImportView, { rows, notes, columns, counts, ...rest }: Expected) {
  const { format, encoding, sheets } = view
  const first = sheets.find((s) => s.chosen)
  expect({ format, encoding, title: first?.title ?? null }).toMatchObject(rest)
  if (counts) expect(view.counts).toMatchObject(counts)
  if (columns !== undefined) {
    const named = view.columns.filter((c) => c.sheet === first?.index && c.header !== '')
    expect(named.map((c) => `${c.letter}${c.header}${c.field ? `=${c.field}` : ''}`).join(' ')).toBe(columns)
  }
  if (notes) {
    const found = view.notes.map(({ code, count, rows: at }) => `${code} ${count} ${at.join()}`)
    expect(found.sort()).toEqual(
      notes.map(([code, count, at = []]) => `${code} ${count} ${at.join()}`).sort(),
    )
  }
  if (!rows) return
  expect(view.counts.total).toBe(rows.length)
  const documents = await service.services.models.rows.collection
    .find<ImportRowDoc>({ import: new ObjectId(view.id) } as never)
    .sort({ seq: 1 })
    .toArray()
  expect(documents.map((d) => [d.row, JSON.parse(JSON.stringify(d.values))])).toEqual(
    rows.map(([row, values]) => [row, JSON.parse(JSON.stringify(values))]),
  )
  rows.forEach(([row, , codes = []], i) => {
    const found = documents[i]?.issues.map((issue) => issue.code) ?? []
    expect(found, `row ${row}`).toEqual(expect.arrayContaining([...codes]))
  })
}

describe('nasty lists', { timeout: 180_000 }, () => {
  it.each(NASTY.map((n) => [n.name, n] as const))('%s', async (_, { filename, bytes, expect: expected }) => {
    const before = await kept()
    const { status, body } = await service.admin.upload(filename, bytes())
    if (status !== 202) {
      expect(status, JSON.stringify(body)).toBeGreaterThanOrEqual(400)
      expect(status, JSON.stringify(body)).toBeLessThan(500)
      expect({ problem: body.code }).toEqual({ problem: expected.problem })
      expect(await kept(), 'nothing is kept of it').toEqual(before)
      return
    }
    const view = await ended(body.id)
    if (view.status === 'failed') {
      expect({ problem: view.error?.code }).toEqual({ problem: expected.problem })
      const { body: rows } = await service.admin.get<{ total?: number; items: unknown[] }>(
        `/imports/${body.id}/rows`,
      )
      expect(rows.items).toEqual([])
      return
    }
    expect({ status: view.status, problem: expected.problem }).toEqual({ status: 'checked' })
    await expectRead(view, expected)
  })

  it('leave the service well, and a good list is taken to its end', async () => {
    watching = false
    const answers = await watched
    expect(answers.length).toBeGreaterThan(10)
    expect(answers.filter((status) => status !== 200)).toEqual([])
    const good = await service.admin.record(
      'good.csv',
      csvOf([1, 2, 3].map((n) => ({ ...vehicleOf(n), kind: 'added', on: '2026-05-01' }))),
    )
    expect(good).toMatchObject({ status: 'applied', recorded: 3 })
  })
})
