import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Breakdown } from '../../server/compliance/schema.ts'
import type { ProblemBody } from '../../server/http/schema.ts'
import { type Client, csvOf, download, person, vehicleOf, vinOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'
import { readBook } from '../harness/workbook.ts'

/** A figure's parts as files. */

let service: TestService
let admin: Client

/** Taxis replaced: 8 of 12 by BEV in one county, 2 of 2 in another. */
const PLACES = [
  ['350702', '延平出租', 12, 8],
  ['350703', '建阳出租', 2, 2],
] as const
let n = 0
const taxis = PLACES.flatMap(([county, operator, all, newEnergy]) =>
  Array.from({ length: all }, (_, i) => {
    const [old, fresh] = [++n, ++n]
    const place = { category: 'cruising-taxi', county, operator }
    const energy = i < newEnergy ? 'BEV' : 'HEV'
    return [
      { ...vehicleOf(old, { ...place, energy: 'gasoline', emission: '4' }), kind: 'stock' },
      {
        ...vehicleOf(fresh, { ...place, energy, emission: energy === 'BEV' ? '' : '6' }),
        ...{ kind: 'replaced', on: '2025-05-06', replaces: vinOf(old) },
      },
    ]
  }).flat(),
)

beforeAll(async () => {
  service = await startTestService()
  admin = service.admin
  const { counts } = await admin.record('taxis.csv', csvOf(taxis))
  expect(counts.error).toBe(0)
})
afterAll(() => service.close())

const PATH = '/compliance/taxi-renewal/breakdown'
const lines = async (query: string, client = admin, path = PATH) => {
  const { status, bytes } = await download(client, `${path}.csv${query}`)
  return { status, lines: bytes.toString('utf8').split(/\r?\n/) }
}
const table = (all: string[], head: string) => {
  const at = all.findIndex((line) => line.startsWith(head))
  return all.slice(at, all.indexOf('', at) < 0 ? undefined : all.indexOf('', at))
}

describe('the parts of a figure as a file', () => {
  it('are what the breakdown gives, ranked, with what they add up to', async () => {
    const file = await lines('?by=county')
    expect(table(file.lines, '名次')).toEqual([
      '名次,县（市、区）,占比（%）,新能源,全部,待补充,说明',
      '1,延平区,66.6,8,12,0,',
      ',建阳区,100,2,2,0,不足 10 辆，不参加排名',
    ])
    expect(file.lines.some((line) => line.includes('71.4% (10/14)'))).toBe(true)
    const { items, total } = (await admin.get<Breakdown>(`${PATH}?by=county`)).body
    expect([total.numerator, total.denominator]).toEqual([10, 14])
    expect(items.map(({ key, rank }) => [key, rank])).toEqual([
      ['350702', 1],
      ['350703', null],
    ])
  })

  it('come as a workbook and in English', async () => {
    const { status, bytes, headers } = await download(admin, `${PATH}.xlsx?by=operator&language=en`)
    expect([status, headers.get('content-type')]).toEqual([
      200,
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    ])
    const text = JSON.stringify(readBook(bytes).cells(0))
    for (const said of ['Place', 'Share (%)', '延平出租', 'Fewer than 10: not ranked'])
      expect(text).toContain(said)
  })

  it('are those of the past that is asked for, and of its day', async () => {
    expect(table((await lines('?by=county&asOf=2025-05-05')).lines, '名次')).toHaveLength(1)
    expect(table((await lines('?by=month')).lines, '名次')).toEqual([
      '名次,月份,占比（%）,新能源,全部,待补充,说明',
      ',2025-05,71.4,10,14,0,',
    ])
  })

  it('of a count have no shares', async () => {
    const file = await lines('?by=county', admin, '/compliance/freight-vehicles-added/breakdown')
    expect(table(file.lines, '名次')).toEqual(['名次,县（市、区）,数量,待补充,说明'])
  })

  it('are refused in words when the rule or the heading is unknown', async () => {
    const unknown = await admin.get<ProblemBody>('/compliance/nothing/breakdown.csv?by=county')
    expect([unknown.status, unknown.body.code]).toEqual([404, 'rule.unknown'])
    const colour = await admin.get<ProblemBody>(`${PATH}.csv?by=colour`)
    expect([colour.status, colour.body.code]).toEqual([400, 'request.invalid'])
    // and are to be had after that
    expect((await lines('?by=county')).status).toBe(200)
    expect((await lines('?by=county')).status).toBe(200)
  })

  it('are an account’s own part only', async () => {
    const officer = await person(service, { role: 'county-officer', county: '350703' })
    expect(table((await lines('?by=operator', officer)).lines, '名次').slice(1)).toEqual([
      ',建阳出租,100,2,2,0,不足 10 辆，不参加排名',
    ])
    expect((await lines('?by=operator&county=350702', officer)).status).toBe(403)
    expect((await lines('?by=county', service.visitor())).status).toBe(401)
  })
})
