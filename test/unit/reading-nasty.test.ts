import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRow } from '../../server/domain/read-row.ts'
import { type ListFile, ListProblem, openListFile } from '../../server/imports/reading/index.ts'
import { type Expected, NASTY, type NastyList } from '../lists/nasty.ts'

const TODAY = '2026-11-02'
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nasty-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** What comes out of a list, in the terms of what must. */
async function outcomeOf({ filename, bytes }: NastyList): Promise<Expected> {
  const path = join(folder, filename)
  writeFileSync(path, bytes())
  let file: ListFile | undefined
  try {
    file = await openListFile(path, filename)
    return await described(file)
  } catch (error) {
    expect(error).toBeInstanceOf(ListProblem)
    return { problem: (error as ListProblem).code }
  } finally {
    await file?.close()
  }
}

async function described(file: ListFile): Promise<Expected> {
  const readable = file.sheets.filter((s) => s.headerRow > 0 && !s.hidden)
  const rows: [number, object, string[]][] = []
  for (const { index } of readable) {
    for await (const batch of file.rows(index)) {
      for (const { row, cells } of batch) {
        const { values, issues } = readRow(cells, { today: TODAY })
        rows.push([row, values, issues.map((i) => i.code)])
      }
    }
  }
  const notes = [...file.notes, ...readable.flatMap((s) => file.sheetNotes(s.index))]
  const columns = readable[0]?.columns.filter((c) => c.header !== '')
  return {
    rows,
    notes: notes.map((n) => [n.code as never, n.count, n.rows] as const),
    columns: columns?.map((c) => `${c.letter}${c.header}${c.field ? `=${c.field}` : ''}`).join(' ') ?? '',
    format: file.format,
    encoding: file.encoding,
    title: readable[0]?.title ?? null,
    counts: { total: rows.length },
  }
}

describe('nasty lists', () => {
  it('are many, and none twice', () => {
    expect(NASTY.length).toBeGreaterThan(60)
    for (const key of ['name', 'filename'] as const) {
      expect(new Set(NASTY.map((n) => n[key])).size).toBe(NASTY.length)
    }
  })

  it.each(NASTY.map((n) => [n.name, n] as const))('%s', async (_, list) => {
    const outcome = await outcomeOf(list)
    const { rows, notes, ...rest } = list.expect
    expect(outcome).toMatchObject(rest)
    if (rows) {
      const expected = rows.map(([row, values, codes = []]) => [
        row,
        JSON.parse(JSON.stringify(values)),
        codes,
      ])
      expect(outcome.rows).toEqual(expected)
    }
    if (notes) {
      const named = (outcome.notes ?? []).map(([code, count, at = []]) => `${code} ${count} ${at.join()}`)
      expect(named.sort()).toEqual(
        notes.map(([code, count, at = []]) => `${code} ${count} ${at.join()}`).sort(),
      )
    }
  })
})
