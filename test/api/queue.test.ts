import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { csvOf, operatorOf, person, plateOf, vinOf } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

const OPERATOR = '延平公共交通有限公司'
const listOf = (n: number) =>
  csvOf([
    {
      ...{ plate: plateOf(n, 'D'), vin: vinOf(n), category: 'bus', energy: 'BEV', county: '350702' },
      ...{ operator: OPERATOR, kind: 'stock', on: '2023-02-01', registeredOn: '2023-02-01' },
    },
  ])

describe('the lists that wait for a decision', () => {
  let service: TestService
  let clerk: Awaited<ReturnType<typeof person>>
  let officer: Awaited<ReturnType<typeof person>>
  beforeAll(async () => {
    service = await startTestService()
    await operatorOf(service, OPERATOR)
    clerk = await person(service, { role: 'operator', operator: OPERATOR })
    officer = await person(service, { role: 'officer' })
  })
  afterAll(() => service?.close())

  const names = async (client: typeof clerk, query: string) =>
    (await client.get<{ items: { filename: string }[] }>(`/imports?${query}`)).body.items.map(
      (i) => i.filename,
    )

  it('are those that operators submitted and officers’ own, not what an operator still works on', async () => {
    await clerk.check('草稿.csv', listOf(1))
    const { id } = await clerk.check('报送.csv', listOf(2))
    expect((await clerk.post(`/imports/${id}/submit`)).status).toBe(202)
    await officer.check('自传.csv', listOf(3))
    expect((await names(officer, 'waiting=true')).sort()).toEqual(['报送.csv', '自传.csv'].sort())
    expect(await names(officer, 'mine=true')).toEqual(['自传.csv'])
    expect((await names(clerk, 'mine=true')).sort()).toEqual(['报送.csv', '草稿.csv'].sort())
    // Another's list is not shown for being waited for.
    expect(await names(clerk, 'waiting=true')).toEqual(['报送.csv'])
    const { body } = await officer.get<{ total: number }>('/imports?waiting=true&limit=1')
    expect(body.total).toBe(2)
  })

  it('are asked for by yes or no only', async () => {
    expect((await officer.get('/imports?waiting=perhaps')).status).toBe(400)
  })
})
