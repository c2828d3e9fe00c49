import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProblemBody } from '../../server/http/schema.ts'
import type { ScenarioResult, ScenarioView } from '../../server/scenarios/schema.ts'
import {
  type Client,
  csvOf,
  type Named,
  operatorOf,
  type Page,
  person,
  plateOf,
  vehicleOf,
  vinOf,
} from '../harness/client.ts'
import { NANPING } from '../harness/policies.ts'
import { startTestService, type TestService } from '../harness/service.ts'

/** What if: previewed, kept, changed, compared, deleted and restored. The clock stands at 2026-11-23. */

let service: TestService
let admin: Client
let officer: Named
let county: Named
let viewer: Named
let company: string
beforeAll(async () => {
  service = await startTestService()
  admin = service.admin
  const taxi = (n: number) =>
    vehicleOf(n, { category: 'cruising-taxi', energy: 'gasoline', operator: '延平出租' })
  const fresh = (n: number, energy: string) => ({
    ...vehicleOf(n, {
      category: 'cruising-taxi',
      energy,
      operator: '延平出租',
      ...(energy === 'BEV' ? {} : { emission: '6' }),
    }),
    ...{ kind: 'replaced', on: '2026-03-01', replaces: plateOf(n - 100) },
  })
  await admin.record('stock.csv', csvOf([1, 2, 3, 4, 5, 6].map((n) => ({ ...taxi(n), kind: 'stock' }))))
  await admin.record(
    'changes.csv',
    csvOf([
      ...[101, 102].map((n) => fresh(n, 'BEV')),
      ...[103, 104].map((n) => fresh(n, 'gasoline')),
      ...[201, 202, 203].map((n) => ({ ...vehicleOf(n), kind: 'stock', county: '350703' })),
      ...[204].map((n) => ({ ...vehicleOf(n, { emission: '5' }), kind: 'stock', county: '350703' })),
      { vin: vinOf(201), kind: 'retired', on: '2026-04-01', reason: 'scrapped' },
    ]),
  )
  officer = await person(service, { role: 'officer' })
  county = await person(service, { role: 'county-officer', county: '350703' })
  viewer = await person(service, { role: 'viewer' })
  company = await operatorOf(service, '延平出租')
  await admin.send('PATCH', `/operators/${company}`, { county: '350702' })
})
afterAll(() => service.close())

const taxis = (over: Record<string, unknown> = {}) => ({
  ...{ kind: 'replaced', category: 'cruising-taxi', amount: 2, per: 'period', newEnergy: 100 },
  ...over,
})
const plan = (...steps: unknown[]) => ({ others: 'nothing', steps })
const preview = <T = ScenarioResult>(inputs: unknown, by: Client = officer, basis?: unknown) =>
  by.post<T>('/scenarios/preview', { inputs, ...(basis ? { basis } : {}) })
const save = <T = ScenarioView>(name: string, inputs: unknown, by: Client = officer, more = {}) =>
  by.post<T>('/scenarios', { name, inputs, ...more })
const patch = <T = ScenarioView>(id: string, body: unknown, by: Client = officer) =>
  by.send<T>('PATCH', `/scenarios/${id}`, body)
const rule = (result: { rules: ScenarioResult['rules'] }, id: string) => {
  const found = result.rules.find((r) => r.id === id)
  if (!found) throw new Error(`no rule ${id}`)
  return found
}
const list = async (by: Client = officer) => (await by.get<Page<ScenarioView>>('/scenarios')).body.items
const names = async (by: Client = officer) => (await list(by)).map((s) => s.name)

describe('POST /scenarios/preview', () => {
  it('gives every rule at the period’s end, what each step comes to, and what the figures started from', async () => {
    const { status, body } = await preview(plan(taxis({ operators: [company] })))
    expect(status).toBe(200)
    expect(body.rules.map((r) => r.id)).toEqual(NANPING.rules.map((r) => r.id))
    expect(rule(body, 'taxi-renewal')).toMatchObject({
      ...{ target: 70, unit: 'percent', title: { zh: '更新出租车新能源占比' }, moved: true, short: 1 },
      now: { value: 50, numerator: 2, denominator: 4, status: 'behind' },
      end: { value: 66.6, numerator: 4, denominator: 6, status: 'missed' },
    })
    expect(rule(body, 'old-diesel-trucks-retired')).toMatchObject({
      now: { value: 1 },
      moved: false,
      short: 399,
    })
    expect(body.steps).toEqual([{ total: 2, newEnergy: 2, oldDiesel: 0, warnings: [] }])
    expect(body.basis).toMatchObject({
      asOf: '2026-11-23',
      policyVersion: 1,
      until: '2027-12-31',
      months: 13.2,
    })
    // The same as the figures say of today.
    const figures = await officer.figures(`?knownAt=${encodeURIComponent(body.basis.knownAt)}`)
    for (const r of body.rules) {
      const { value, numerator, denominator, status } = figures[r.id] ?? {}
      expect([r.id, r.now]).toEqual([r.id, { value, numerator, denominator, status }])
    }
    expect(await list()).toEqual([])
  })

  it('goes on at the present pace when asked to: the forecast’s middle', async () => {
    const { body } = await preview({ others: 'pace', steps: [] })
    const figures = await officer.figures()
    for (const id of ['taxi-renewal', 'old-diesel-trucks-retired'])
      expect([id, rule(body, id).end.value]).toEqual([id, figures[id]?.forecast?.expected])
  })

  it('warns where more go than are in service, of the kind and in the place that are meant', async () => {
    const warned = async (s: unknown) => (await preview(plan(s))).body.steps[0]?.warnings
    const six = { code: 'more-than-fleet', inService: 6 }
    expect(await warned(taxis({ amount: 6 }))).toEqual([])
    expect(await warned(taxis({ amount: 7 }))).toEqual([six])
    expect(await warned(taxis({ amount: 7, operators: [company] }))).toEqual([six])
    expect(await warned(taxis({ amount: 1, county: '350703' }))).toEqual([{ ...six, inService: 0 }])
    const trucks = { kind: 'retired', category: 'truck', per: 'period', county: '350703' }
    expect(await warned({ ...trucks, amount: 2, oldDiesel: 100 })).toEqual([])
    expect(await warned({ ...trucks, amount: 3, oldDiesel: 100 })).toEqual([
      { code: 'more-than-old', inService: 2 },
    ])
    expect(await warned({ ...trucks, amount: 3, oldDiesel: 50 })).toEqual([])
    expect(await warned({ ...trucks, kind: 'added', amount: 99 })).toEqual([])
  })

  it('starts from any day’s figures, as known at any instant, by any version of the policy', async () => {
    const { body } = await preview(plan(), officer, { asOf: '2026-02-28' })
    expect(rule(body, 'taxi-renewal')).toMatchObject({ now: { status: 'no-data', value: null }, short: null })
    const early = await preview(plan(), officer, { knownAt: '2026-01-01T00:00:00Z' })
    expect(rule(early.body, 'old-diesel-trucks-retired').now.value).toBe(0)
    const unknown = await preview<ProblemBody>(plan(), officer, { policyVersion: 9 })
    expect([unknown.status, unknown.body.code]).toEqual([404, 'policy.unknown-version'])
  })

  it.each<[string, unknown, string, string]>([
    ['nothing', undefined, 'body.inputs', 'request.invalid-type'],
    ['an unknown field', { ...plan(), more: 1 }, 'body.inputs', 'request.unrecognized-keys'],
    ['what else comes, unsaid', { steps: [] }, 'body.inputs.others', 'request.invalid-value'],
    [
      'a kind that cannot be planned',
      plan(taxis({ kind: 'stock' })),
      'body.inputs.steps.0.kind',
      'request.invalid-value',
    ],
    ['half a taxi', plan(taxis({ amount: 1.5 })), 'body.inputs.steps.0.amount', 'scenario.amount'],
    ['fewer than none', plan(taxis({ amount: -1 })), 'body.inputs.steps.0.amount', 'scenario.amount'],
    ['no number', plan(taxis({ amount: '12' })), 'body.inputs.steps.0.amount', 'scenario.amount'],
    ['101 %', plan(taxis({ newEnergy: 101 })), 'body.inputs.steps.0.newEnergy', 'scenario.percent'],
    [
      'too many steps',
      plan(...Array.from({ length: 21 }, () => taxis())),
      'body.inputs.steps',
      'scenario.too-many-steps',
    ],
    [
      'a county nobody knows',
      plan(taxis(), taxis({ county: '359999' })),
      'body.inputs.steps.1.county',
      'county.unknown',
    ],
    [
      'an operator nobody knows',
      plan(taxis({ operators: ['nobody'] })),
      'body.inputs.steps.0.operators',
      'operator.unknown',
    ],
  ])('is refused with %s, naming the field', async (_, inputs, path, code) => {
    for (const answer of [await preview<ProblemBody>(inputs), await save<ProblemBody>('不成', inputs)]) {
      expect(answer.status).toBe(400)
      expect(answer.body.errors).toContainEqual(expect.objectContaining({ path, code }))
      for (const e of answer.body.errors) expect(e.message).not.toMatch(/^scenario\./)
    }
    expect(await list()).toEqual([])
  })

  it('is refused from a day to come, and once the period is over: on its last day something can still be done', async () => {
    const ahead = await preview<ProblemBody>(plan(), officer, { asOf: '2026-11-24' })
    expect([ahead.status, ahead.body.errors[0]?.code]).toEqual([400, 'date.future'])
    const later = await startTestService({ NOW: '2028-01-01T00:30:00+08:00' })
    try {
      const over = await preview<ProblemBody>(plan(), later.admin)
      expect([over.status, over.body.code]).toEqual([409, 'scenario.period-over'])
      const monthly = { kind: 'retired', category: 'truck', amount: 400, per: 'month', oldDiesel: 100 }
      const steps = plan(taxis(), monthly, { ...monthly, per: 'period' })
      const { status, body } = await preview(steps, later.admin, { asOf: '2027-12-31' })
      expect([status, body.basis.months, body.steps.map((s) => s.total)]).toEqual([200, 0, [2, 0, 400]])
      expect(rule(body, 'taxi-renewal').end).toMatchObject({ value: 100, numerator: 2, status: 'met' })
      expect(rule(body, 'old-diesel-trucks-retired')).toMatchObject({
        ...{ end: { value: 400, status: 'met' }, short: 0, reachedOn: '2027-12-31' },
      })
    } finally {
      await later.close()
    }
  })

  it('is for those who plan or lead, each for the part of the city that they see', async () => {
    expect((await preview(plan(), viewer)).status).toBe(200)
    expect((await preview(plan(), service.visitor())).status).toBe(401)
    const driver = await person(service, { role: 'operator', operator: company })
    expect((await preview(plan(), driver)).status).toBe(403)
    const { body } = await preview(plan(taxis({ category: 'truck', oldDiesel: 100 })), county)
    // Of the county: no taxis, one truck retired; counts have no target there.
    expect(rule(body, 'taxi-renewal').now.status).toBe('no-data')
    expect(rule(body, 'old-diesel-trucks-retired')).toMatchObject({
      ...{ target: null, now: { value: 1, status: 'reported' }, end: { value: 3 } },
    })
    const elsewhere = await preview(plan(taxis({ county: '350702' })), county)
    expect(elsewhere.status).toBe(403)
    // Whose vehicles lie in another county is told apart from nobody by nothing.
    const stranger = await preview<ProblemBody>(plan(taxis({ operators: [company] })), county)
    expect([stranger.status, stranger.body.errors[0]?.code]).toEqual([400, 'operator.unknown'])
  })
})

describe('a scenario that is kept', () => {
  it('keeps its name, its steps and the figures that it started from, whatever is recorded later', async () => {
    const seen = (await preview(plan(taxis()))).body
    const { asOf, knownAt } = seen.basis
    const made = await save('两家公司更新', plan(taxis({ operators: [company] })), officer, {
      ...{ note: '按年度计划', basis: { asOf, knownAt } },
    })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({
      ...{
        name: '两家公司更新',
        note: '按年度计划',
        revision: 1,
        county: null,
        editable: true,
        deleted: false,
      },
      ...{ basis: { asOf, policyVersion: 1 }, operators: [{ id: company, name: '延平出租' }] },
      createdBy: { id: officer.id },
    })
    expect(rule(made.body, 'taxi-renewal')).toEqual(rule(seen, 'taxi-renewal'))
    await admin.mustChange({
      ...{ kind: 'replaced', on: '2026-05-01', replaces: [plateOf(5)] },
      vehicle: vehicleOf(105, { category: 'cruising-taxi', energy: 'BEV', operator: '延平出租' }),
    })
    const again = (await officer.get<ScenarioView>(`/scenarios/${made.body.id}`)).body
    expect(again).toEqual(made.body)
    expect(await list()).toEqual([made.body])
    // Changed, it starts from the same figures; counted anew, from today's.
    const more = await patch(made.body.id, { revision: 1, inputs: plan(taxis({ amount: 3 })) })
    expect(rule(more.body, 'taxi-renewal')).toMatchObject({
      ...{ now: { numerator: 2, denominator: 4 }, end: { numerator: 5, denominator: 7 } },
    })
    expect(more.body).toMatchObject({
      revision: 2,
      basis: { knownAt: made.body.basis.knownAt },
      note: '按年度计划',
    })
    const anew = await patch(made.body.id, { revision: 2, basis: 'today' })
    expect(rule(anew.body, 'taxi-renewal')).toMatchObject({
      ...{ now: { numerator: 3, denominator: 5 }, end: { numerator: 6, denominator: 8 } },
    })
    expect(anew.body.basis.knownAt > made.body.basis.knownAt).toBe(true)
    const log = (await admin.get<Page<{ action: string; target: unknown }>>('/audit?action=scenario.change'))
      .body
    expect(log.items[0]?.target).toEqual({ kind: 'scenario', id: made.body.id, label: '两家公司更新' })
    expect(
      (await admin.get<Page<unknown>>('/audit?action=scenario.save&outcome=done')).body.items,
    ).toHaveLength(1)
  })

  it('has a name of its own: the same twice, also at the same time, is kept once', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => save<ProblemBody>('同名', plan())))
    expect(answers.map((a) => a.status).sort()).toEqual([201, 409, 409])
    expect(answers.find((a) => a.status === 409)?.body.code).toBe('scenario.name-taken')
    for (const name of [' 同名 ', '同名'])
      expect((await save<ProblemBody>(name, plan(), admin)).body.code).toBe('scenario.name-taken')
    // Another part of the city has its own names.
    expect((await save('同名', plan(), county)).status).toBe(201)
    for (const name of ['', '  ', 'x'.repeat(61), 5, undefined]) {
      const refused = await admin.post<ProblemBody>('/scenarios', { name, inputs: plan() })
      expect([refused.status, refused.body.errors[0]?.code]).toEqual([400, 'scenario.name'])
    }
  })

  it('is not overwritten by whoever has an older one before their eyes', async () => {
    const { body } = await save('两人同改', plan())
    const both = await Promise.all([
      patch<ScenarioView & ProblemBody>(body.id, { revision: 1, name: '甲改' }),
      patch<ScenarioView & ProblemBody>(body.id, { revision: 1, name: '乙改' }),
    ])
    expect(both.map((a) => a.status).sort()).toEqual([200, 409])
    expect(both.find((a) => a.status === 409)?.body.code).toBe('scenario.superseded')
    const now = (await officer.get<ScenarioView>(`/scenarios/${body.id}`)).body
    expect(now).toMatchObject({ revision: 2, name: both.find((a) => a.status === 200)?.body.name })
    const taken = await patch<ProblemBody>(body.id, { revision: 2, name: '同名' })
    expect([taken.status, taken.body.code]).toEqual([409, 'scenario.name-taken'])
    expect((await patch(body.id, { name: '无版本' })).status).toBe(400)
  })

  it('is deleted, and brought back: twice is no error, and its name may have gone meanwhile', async () => {
    const { body } = await save('删了再恢复', plan(taxis()))
    for (let i = 0; i < 2; i++) {
      expect((await officer.send('DELETE', `/scenarios/${body.id}`)).status).toBe(204)
      expect(await names()).not.toContain('删了再恢复')
    }
    expect((await viewer.get(`/scenarios/${body.id}`)).status).toBe(404)
    expect((await patch(body.id, { revision: 1, name: 'x' })).status).toBe(404)
    for (let i = 0; i < 2; i++) {
      const back = await officer.post<ScenarioView>(`/scenarios/${body.id}/restore`)
      expect([back.status, back.body.deleted]).toEqual([200, false])
    }
    expect(await officer.get(`/scenarios/${body.id}`)).toMatchObject({ status: 200, body })
    await officer.send('DELETE', `/scenarios/${body.id}`)
    await save('删了再恢复', plan())
    const taken = await officer.post<ProblemBody>(`/scenarios/${body.id}/restore`)
    expect([taken.status, taken.body.code]).toEqual([409, 'scenario.name-taken'])
  })

  it('is changed by its maker and by administrators only, and seen where its figures may be', async () => {
    const { body } = await save('市里的方案', plan())
    const own = await save('县里的方案', plan(taxis({ category: 'truck' })), county)
    expect(own.body).toMatchObject({ county: '350703', inputs: { steps: [{ county: '350703' }] } })
    const colleague = await person(service, { role: 'officer' })
    const calls = (by: Client, id: string) =>
      Promise.all([
        patch(id, { revision: 1, name: 'x' }, by),
        by.send('DELETE', `/scenarios/${id}`),
        by.post(`/scenarios/${id}/restore`),
      ]).then((answers) => answers.map((a) => a.status))
    expect(await calls(colleague, body.id)).toEqual([403, 403, 403])
    expect(await calls(viewer, body.id)).toEqual([403, 403, 403])
    expect(await calls(county, body.id)).toEqual([404, 404, 404])
    expect((await county.get(`/scenarios/${body.id}`)).status).toBe(404)
    const neighbour = await person(service, { role: 'county-officer', county: '350702' })
    expect((await neighbour.get(`/scenarios/${own.body.id}`)).status).toBe(404)
    expect(await names(neighbour)).toEqual([])
    expect(await names(county)).toEqual(['县里的方案', '同名'])
    expect(await names(viewer)).toContain('县里的方案')
    expect((await list(viewer)).some((s) => s.editable)).toBe(false)
    const named = await patch(own.body.id, { revision: 1, basis: 'today' }, admin)
    // An administrator counts it anew of the county, as it was.
    expect(named.body).toMatchObject({ county: '350703' })
    expect(rule(named.body, 'old-diesel-trucks-retired').target).toBeNull()
    for (const id of ['000000000000000000000000', 'x'])
      expect((await officer.get(`/scenarios/${id}`)).status).toBe(id === 'x' ? 400 : 404)
  })

  it('of a county shows, is copied and is counted anew with that county’s figures, whoever opens it', async () => {
    const steps = plan(taxis({ category: 'truck', oldDiesel: 100 }))
    const kept = (await save('县里的货车', steps, county)).body
    const { asOf, knownAt, policyVersion } = kept.basis
    const from = { basis: { asOf, knownAt, policyVersion }, county: kept.county }
    const opened = await admin.post<ScenarioResult>('/scenarios/preview', { inputs: kept.inputs, ...from })
    expect(opened.body.rules).toEqual(kept.rules)
    expect(opened.body.rules).not.toEqual((await preview(kept.inputs, admin, from.basis)).body.rules)
    const copy = await save('县里的货车，另存', kept.inputs, officer, from)
    expect(copy.body).toMatchObject({ county: '350703', rules: kept.rules })
    const anew = await patch(kept.id, { revision: 1, basis: 'today' }, admin)
    expect(anew.body.rules).toEqual(kept.rules)
    // The whole city is asked for by none, or by its own code; its parts are the caller's to see.
    const asked = (of: unknown, by: Client, inputs: unknown = plan()) =>
      by.post<ScenarioResult & ProblemBody>('/scenarios/preview', { inputs, county: of })
    const whole = (await asked('3507', officer)).body
    expect(whole.rules).toEqual((await asked(null, officer)).body.rules)
    expect((await asked('350703', county)).body.rules).toEqual((await asked(null, county)).body.rules)
    expect((await asked('350702', county)).status).toBe(403)
    expect((await asked('359999', officer)).body.errors[0]).toMatchObject({
      ...{ path: 'body.county', code: 'county.unknown' },
    })
    const beyond = await asked('350703', officer, plan(taxis(), taxis({ county: '350702' })))
    expect([beyond.status, beyond.body.errors[0]?.path, beyond.body.errors[0]?.code]).toEqual([
      ...[400, 'body.inputs.steps.1.county', 'scenario.beyond-county'],
    ])
    for (const id of [kept.id, copy.body.id])
      expect((await admin.send('DELETE', `/scenarios/${id}`)).status).toBe(204)
  })

  it('is listed page by page, the latest changed first', async () => {
    const all = await list()
    const paged = await officer.all<ScenarioView>('/scenarios?', 2)
    expect(paged.map((s) => s.id)).toEqual(all.map((s) => s.id))
    expect(all.map((s) => s.changedAt)).toEqual(
      all
        .map((s) => s.changedAt)
        .sort()
        .reverse(),
    )
    expect((await officer.get('/scenarios?cursor=x')).status).toBe(400)
  })
})
