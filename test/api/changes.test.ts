import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ChangeView, Effect } from '../../server/changes/schema.ts'
import type { Compliance } from '../../server/compliance/schema.ts'
import type { ProblemBody } from '../../server/http/schema.ts'
import type { VehicleWithHistory } from '../../server/vehicles/schema.ts'
import {
  type Client,
  csvOf,
  type Page,
  person,
  plateOf,
  type Recorded,
  vehicleOf,
  vinOf,
} from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

let service: TestService
let admin: Client
beforeEach(async () => {
  service = await startTestService()
  admin = service.admin
})
afterEach(() => service.close())

const BUS = { category: 'bus', operator: '南平公交公司' }
const TAXI = { category: 'cruising-taxi', operator: '延平出租公司' }
const stock = (n: number, facts: Record<string, unknown> = {}) => ({
  kind: 'stock',
  vehicle: vehicleOf(n, facts),
})
const retire = (n: number, on = '2025-05-05', reason = 'scrapped') => ({
  kind: 'retired',
  on,
  reason,
  vehicle: { vin: vinOf(n) },
})
const replace = (n: number, old: number[], facts: Record<string, unknown>, on = '2025-06-01') => ({
  kind: 'replaced',
  on,
  vehicle: vehicleOf(n, facts),
  replaces: old.map(vinOf),
})
const voidIt = (id: string, reason = '录入有误', client = admin) =>
  client.post<Recorded>(`/changes/${id}/void`, { reason })
const ledger = (query = '') => admin.all<ChangeView>(`/changes?includeVoided=true${query}`)
const vehicle = async (n: number) => (await admin.get<VehicleWithHistory>(`/vehicles/${vinOf(n)}`)).body
const figure = async (rule: string, query = '') => (await admin.figures(query))[rule]
const codes = (body: ProblemBody) => body.errors.map((e) => e.code)
/** A list of rows `n: facts` replaced in one upload. */
const rowsOf = (from: number, count: number, row: (n: number) => Record<string, unknown>) =>
  Array.from({ length: count }, (_, i) => row(from + i))

describe('a change entered by hand', () => {
  it.each([
    ['stock', {}, stock(1), 'freight-fleet'],
    ['added', {}, { kind: 'added', on: '2025-01-02', vehicle: vehicleOf(1) }, 'freight-vehicles-added'],
    ['retired', stock(1), retire(1), 'old-diesel-trucks-retired'],
    ['replaced', stock(1, BUS), replace(2, [1], { ...BUS, energy: 'BEV' }), 'bus-renewal'],
    [
      'battery-swap',
      stock(1, { ...BUS, energy: 'BEV' }),
      { kind: 'battery-swap', on: '2025-02-03', packs: 9, vehicle: { vin: vinOf(1) } },
      'bus-batteries-swapped',
    ],
    [
      'transferred',
      stock(1),
      { kind: 'transferred', on: '2025-02-03', vehicle: { plate: plateOf(1) }, to: { county: '350703' } },
      null,
    ],
  ])(
    'of the kind %s is shown first and recorded then, with what it moves',
    async (kind, before, change, rule) => {
      if ('kind' in before) await admin.mustChange(before)
      const figures = await admin.figures()
      const count = (await ledger()).length
      const dry = await admin.change(change, '?dryRun=true')
      expect([dry.status, dry.body.kind]).toEqual([200, kind])
      expect(await ledger()).toHaveLength(count)
      expect(await admin.figures()).toEqual(figures)
      const made = await admin.change(change)
      expect(made.status).toBe(201)
      expect(made.body.effects).toEqual(dry.body.effects)
      expect(await ledger()).toHaveLength(count + 1)
      const after = await admin.figures()
      const moved = made.body.effects.map((e) => e.rule)
      if (rule) expect(moved).toContain(rule)
      for (const [id, now] of Object.entries(after)) {
        const effect: Effect | undefined = made.body.effects.find((e) => e.rule === id)
        const shown = (f: typeof now | undefined) =>
          f && { value: f.value, numerator: f.numerator, denominator: f.denominator, status: f.status }
        if (effect)
          expect(effect).toEqual({ rule: id, breaks: false, before: shown(figures[id]), after: shown(now) })
        else expect(shown(now)).toEqual(shown(figures[id]))
      }
      const voided = await voidIt(made.body.id)
      expect(voided.status).toBe(200)
      expect(voided.body.effects).toEqual(
        made.body.effects.map(({ rule, before, after }) => ({
          ...{ rule, before: after, after: before },
          breaks: false,
        })),
      )
      expect(Object.values(await admin.figures()).map(({ breakdown: _, ...f }) => f)).toEqual(
        Object.values(figures).map(({ breakdown: _, ...f }) => f),
      )
      expect((await admin.change(change)).status).toBe(201)
    },
  )

  it('takes its facts from the register and keeps who recorded it and when', async () => {
    await admin.mustChange(stock(1))
    const before = Date.now()
    const { body } = await admin.change({ ...retire(1), certificate: 'B-1', note: '备注' })
    expect(body).toMatchObject({
      ...{
        on: '2025-05-05',
        reason: 'scrapped',
        certificate: 'B-1',
        note: '备注',
        packs: null,
        source: null,
      },
      ...{ recordedBy: { name: '管理员' }, reportedAt: null, voidedAt: null, operatorName: '延平货运公司' },
      vehicle: {
        vin: vinOf(1),
        plate: plateOf(1),
        category: 'truck',
        energy: 'diesel',
        emission: '3',
        county: '350702',
      },
    })
    expect(Date.now()).toBeGreaterThanOrEqual(before)
  })

  it('warns and records all the same', async () => {
    const vin = `${vinOf(1).slice(0, 8)}${vinOf(1)[8] === 'X' ? '1' : 'X'}${vinOf(1).slice(9)}`
    const { status, body } = await admin.change(
      stock(1, { vin, plate: plateOf(1, 'D'), emission: undefined }),
    )
    expect(status).toBe(201)
    expect(body.warnings.map((w) => w.code).sort()).toEqual(
      ['emission.missing', 'operator.new', 'plate.energy-mismatch', 'vin.check-digit'].sort(),
    )
  })

  it('registers the operator that it names and no other', async () => {
    await admin.mustChange({ ...stock(1, { operator: '新公司' }), to: { operator: '别的公司' } })
    const { body } = await admin.get<{ items: { name: string }[] }>('/operators')
    expect(body.items.map((o) => o.name)).toEqual(['新公司'])
    await admin.change(stock(2, { operator: '试填公司' }), '?dryRun=true')
    expect((await admin.get<{ items: unknown[] }>('/operators')).body.items).toHaveLength(1)
  })

  it('is refused with a code for each fault', async () => {
    await admin.mustChange(stock(1))
    await admin.mustChange(stock(2, { ...BUS, energy: 'diesel' }))
    await admin.mustChange(stock(3))
    await admin.mustChange(retire(3))
    const cases: [Record<string, unknown>, string[]][] = [
      [{ kind: 'retired', vehicle: {} }, ['required.missing', 'required.missing', 'required.missing']],
      [{ kind: 'added', on: '2025-01-01', vehicle: vehicleOf(9, { vin: 'O' }) }, ['vin.invalid']],
      [{ kind: 'added', on: '2025-01-01', vehicle: vehicleOf(9, { plate: '闽1' }) }, ['plate.invalid']],
      [{ kind: 'added', on: '2026-11-24', vehicle: vehicleOf(9) }, ['date.future']],
      [
        { kind: 'added', on: '2025-01-01', vehicle: vehicleOf(9, { registeredOn: '2025-02-01' }) },
        ['date.before-registration'],
      ],
      [
        { kind: 'added', on: '2025-01-01', vehicle: vehicleOf(9, { plate: plateOf(1) }) },
        ['vehicle.conflict'],
      ],
      [{ kind: 'added', on: '2025-01-01', vehicle: vehicleOf(1) }, ['vehicle.already-registered']],
      [retire(99), ['vehicle.not-found']],
      [{ ...retire(1), on: '2020-01-01' }, ['date.before-entry']],
      [retire(3, '2025-07-07'), ['vehicle.already-retired']],
      [{ ...retire(3), reason: 'deregistered' }, ['change.conflict']],
      [
        { kind: 'battery-swap', on: '2025-01-01', packs: 1, vehicle: { vin: vinOf(2) } },
        ['battery.not-new-energy'],
      ],
      [
        { kind: 'battery-swap', on: '2025-01-01', vehicle: { vin: vinOf(2) } },
        ['required.missing', 'battery.not-new-energy'],
      ],
      [replace(9, [99], {}), ['replaced.not-found']],
      [replace(9, [3], {}), ['replaced.already-retired']],
      [{ ...replace(9, [1], {}), replaces: ['闽1'] }, ['plate.invalid']],
      [{ kind: 'transferred', on: '2025-01-01', vehicle: { vin: vinOf(1) } }, ['transfer.unchanged']],
      [{ ...retire(1), vehicle: { vin: vinOf(1), energy: 'BEV' } }, ['vehicle.conflict']],
    ]
    const count = (await ledger()).length
    for (const [body, expected] of cases) {
      for (const query of ['', '?dryRun=true']) {
        const answer = await admin.change(body, query)
        expect([body, answer.status, answer.body.code, codes(answer.body)]).toEqual([
          body,
          422,
          'change.invalid',
          expected,
        ])
      }
    }
    expect(await ledger()).toHaveLength(count)
  })

  it('must have the right form', async () => {
    const cases: [unknown, string][] = [
      [{}, 'body.kind'],
      [{ kind: 'stolen', vehicle: {} }, 'body.kind'],
      [{ kind: 'added' }, 'body.vehicle'],
      [{ ...stock(1), on: '2025-02-30' }, 'body.on'],
      [{ ...stock(1), on: 20250101 }, 'body.on'],
      [stock(1, { county: '110101' }), 'body.vehicle.county'],
      [stock(1, { emission: 3 }), 'body.vehicle.emission'],
      [stock(1, { colour: 'red' }), 'body.vehicle'],
      [stock(1, { plate: { $ne: '' } }), 'body.vehicle.plate'],
      [stock(1, { operator: ' ' }), 'body.vehicle.operator'],
      [{ ...stock(1), packs: 1.5 }, 'body.packs'],
      [{ ...stock(1), packs: 1001 }, 'body.packs'],
      [{ ...stock(1), replaces: Array.from({ length: 21 }, (_, i) => plateOf(i)) }, 'body.replaces'],
      [{ ...stock(1), voided: true }, 'body'],
      [[stock(1)], 'body'],
    ]
    for (const [body, path] of cases) {
      const { status, body: problem } = await admin.send<ProblemBody>('POST', '/changes', body)
      expect([body, status, problem.code, problem.errors[0]?.path]).toEqual([
        body,
        400,
        'request.invalid',
        path,
      ])
    }
  })

  it('is on the ledger once', async () => {
    const first = await admin.mustChange(stock(1))
    const again = await admin.change(stock(1))
    expect([again.status, again.body.code, again.body.errors[0]?.message]).toEqual([
      409,
      'change.duplicate',
      first.id,
    ])
    expect((await admin.change(stock(1), '?dryRun=true')).status).toBe(409)
    expect(await ledger()).toHaveLength(1)
  })

  it('is refused for whoever may not write, and for a dryRun that is neither', async () => {
    for (const role of ['viewer', 'operator'] as const) {
      const client = await person(service, { role, operator: 'op-1' })
      expect((await client.change(stock(1))).status).toBe(403)
      expect((await client.change(stock(1), '?dryRun=true')).status).toBe(403)
      expect((await voidIt('f'.repeat(24), 'x', client)).status).toBe(403)
    }
    expect((await service.visitor().change(stock(1))).status).toBe(401)
    expect((await admin.change(stock(1), '?dryRun=maybe')).status).toBe(400)
    expect(await ledger()).toEqual([])
    expect((await (await person(service, { role: 'officer' })).change(stock(1))).status).toBe(201)
  })
})

describe('a county officer', () => {
  const elsewhere = { county: '350703' }

  it('records and withdraws in the county, and sees figures of the county alone', async () => {
    await admin.mustChange({ kind: 'added', on: '2025-01-01', vehicle: vehicleOf(1, elsewhere) })
    const officer = await person(service, { role: 'county-officer', county: '350702' })
    const { status, body } = await officer.change({ kind: 'added', on: '2025-01-01', vehicle: vehicleOf(2) })
    expect(status).toBe(201)
    const moved = body.effects.find((e) => e.rule === 'freight-vehicles-added')
    expect([moved?.before.value, moved?.after.value]).toEqual([0, 1])
    expect((await officer.all<ChangeView>('/changes?')).map((c) => c.vehicle.vin)).toEqual([vinOf(2)])
    expect((await voidIt(body.id, 'x', officer)).status).toBe(200)
  })

  it('touches no vehicle of another county, in whatever way', async () => {
    const foreign = await admin.mustChange(stock(1, elsewhere))
    await admin.mustChange(stock(2))
    const officer = await person(service, { role: 'county-officer', county: '350702' })
    const tries: [Record<string, unknown>, number][] = [
      [{ kind: 'added', on: '2025-01-01', vehicle: vehicleOf(3, elsewhere) }, 403],
      [retire(1), 422],
      [{ kind: 'transferred', on: '2025-01-01', vehicle: { vin: vinOf(1) }, to: { county: '350702' } }, 422],
      [{ kind: 'transferred', on: '2025-01-01', vehicle: { vin: vinOf(2) }, to: elsewhere }, 403],
      [replace(3, [1], {}), 422],
    ]
    for (const [body, status] of tries) {
      for (const query of ['', '?dryRun=true']) {
        const answer = await officer.change(body, query)
        expect([body, answer.status]).toEqual([body, status])
        if (status === 422) expect(codes(answer.body)).toEqual(['vehicle.outside'])
      }
    }
    expect((await voidIt(foreign.id, 'x', officer)).status).toBe(404)
    expect(await ledger()).toHaveLength(2)
    expect((await officer.get<Page<ChangeView>>('/changes?county=350703')).body.items).toEqual([])
  })
})

describe('the ledger', () => {
  it('is narrowed by kind, dates, place, operator and rule, newest first', async () => {
    await admin.mustChange(stock(1))
    await admin.mustChange(stock(2, { ...BUS, county: '350703' }))
    const swap = await admin.mustChange(
      replace(3, [2], { ...BUS, energy: 'BEV', county: '350703' }, '2025-03-04'),
    )
    const gone = await admin.mustChange(retire(1, '2025-05-05'))
    const ids = async (query: string) => (await admin.all<ChangeView>(`/changes?${query}`)).map((c) => c.id)
    expect((await ids('')).slice(0, 2)).toEqual([gone.id, swap.id])
    expect(await ids('kind=retired')).toEqual([gone.id])
    expect(await ids('kind=retired,replaced')).toEqual([gone.id, swap.id])
    expect(await ids('from=2025-03-04&to=2025-03-04')).toEqual([swap.id])
    expect(await ids('from=2025-12-01&to=2025-01-01')).toEqual([])
    expect((await ids('county=350703'))[0]).toBe(swap.id)
    expect(await ids('county=3507')).toHaveLength(4)
    expect(await ids(`operator=${swap.vehicle.operator}&kind=replaced`)).toEqual([swap.id])
    expect(await ids('rule=bus-renewal')).toEqual([swap.id])
    expect(await ids('rule=old-diesel-trucks-retired')).toEqual([gone.id])
    await voidIt(gone.id)
    expect(await ids('rule=old-diesel-trucks-retired')).toEqual([])
    expect(await ids('kind=retired')).toEqual([])
    expect(await ids('kind=retired&includeVoided=true')).toEqual([gone.id])
    expect(await ids('rule=old-diesel-trucks-retired&includeVoided=true')).toEqual([gone.id])
    expect((await admin.get('/changes?rule=none')).status).toBe(404)
    for (const bad of ['kind=stolen', 'from=yesterday', 'to=2025-13-01', 'includeVoided=perhaps', 'limit=0'])
      expect([bad, (await admin.get(`/changes?${bad}`)).status]).toEqual([bad, 400])
    expect((await admin.all<ChangeView>('/changes?includeVoided=true', 1)).length).toBe(4)
    expect((await service.visitor().get('/changes')).status).toBe(401)
  })
})

describe('voiding', () => {
  it('needs a reason, a change that exists, and one that is not voided yet', async () => {
    const { id } = await admin.mustChange(stock(1))
    for (const body of [
      {},
      { reason: '' },
      { reason: '  ' },
      { reason: 'x'.repeat(501) },
      { reason: 'x', by: 'me' },
      [],
    ])
      expect([body, (await admin.send('POST', `/changes/${id}/void`, body)).status]).toEqual([body, 400])
    expect((await voidIt('f'.repeat(24))).status).toBe(404)
    expect((await voidIt('nonsense')).status).toBe(400)
    const done = await voidIt(id, ' 重复登记 ')
    expect(done.body).toMatchObject({ id, voidReason: '重复登记', voidedBy: { name: '管理员' } })
    const again = await voidIt(id, 'again')
    expect([again.status, again.body.code]).toEqual([409, 'change.already-voided'])
    expect((await ledger())[0]?.voidReason).toBe('重复登记')
    expect((await admin.get(`/vehicles/${vinOf(1)}`)).status).toBe(404)
  })

  it('is refused while later changes rest on the change, which are named', async () => {
    const bus = await admin.mustChange(stock(1, { ...BUS, energy: 'BEV' }))
    const swap = await admin.mustChange({
      kind: 'battery-swap',
      on: '2025-01-01',
      packs: 2,
      vehicle: { vin: vinOf(1) },
    })
    const renewal = await admin.mustChange(replace(2, [1], { ...BUS, energy: 'BEV' }))
    const gone = await admin.mustChange(retire(2, '2026-01-01'))
    const refused = await voidIt(bus.id)
    expect([refused.status, refused.body.code]).toEqual([409, 'change.has-dependents'])
    expect(refused.body.errors.map((e) => e.path).sort()).toEqual([swap.id, renewal.id].sort())
    expect((await voidIt(renewal.id)).body.errors.map((e) => e.path)).toEqual([gone.id])
    for (const { id } of [gone, renewal, swap, bus]) expect((await voidIt(id)).status).toBe(200)
  })

  it('is refused when it would give a plate back that another vehicle carries by now', async () => {
    await admin.mustChange(stock(1))
    const gone = await admin.mustChange(retire(1, '2025-01-01'))
    const heir = await admin.mustChange({
      kind: 'added',
      on: '2025-02-01',
      vehicle: vehicleOf(2, { plate: plateOf(1) }),
    })
    const refused = await voidIt(gone.id)
    expect([refused.status, refused.body.code]).toEqual([409, 'change.has-dependents'])
    expect(refused.body.errors.map((e) => e.path)).toEqual([heir.id])
    await voidIt(heir.id)
    expect((await voidIt(gone.id)).status).toBe(200)
  })

  it('of a transfer is refused while the vehicle’s later changes are recorded under it', async () => {
    await admin.mustChange(stock(1))
    const transfer = await admin.mustChange({
      ...{ kind: 'transferred', on: '2025-01-01', vehicle: { vin: vinOf(1) } },
      to: { county: '350703' },
    })
    const gone = await admin.mustChange(retire(1))
    expect((await voidIt(transfer.id)).body.errors.map((e) => e.path)).toEqual([gone.id])
    await voidIt(gone.id)
    expect((await voidIt(transfer.id)).status).toBe(200)
    const fleet = await figure('freight-fleet')
    expect(fleet?.breakdown.county.map((p) => [p.key, p.denominator])).toEqual(
      expect.arrayContaining([['350702', 1]]),
    )
  })
})

describe('the worked figures', () => {
  it('of buses: ten new-energy ones, an eleventh on gas, and its voiding', async () => {
    const olds = rowsOf(1, 11, (n) => ({ ...vehicleOf(n, BUS), kind: 'stock' }))
    const news = rowsOf(1, 10, (n) => ({
      ...vehicleOf(100 + n, { ...BUS, energy: n % 2 ? 'BEV' : 'FCEV' }),
      ...{ kind: 'replaced', on: '2025-03-01', replaces: plateOf(n) },
    }))
    await admin.record('buses.csv', csvOf([...olds, ...news]))
    expect(await figure('bus-renewal')).toMatchObject({
      value: 100,
      numerator: 10,
      denominator: 10,
      status: 'on-track',
    })
    const gas = await admin.mustChange({
      ...replace(111, [11], { ...BUS, energy: 'gas', emission: '6' }),
      breachReason: '线路未通电',
    })
    const outline = (f: Effect['before'] | undefined) => [f?.value, f?.status]
    const effect = gas.effects.find((e) => e.rule === 'bus-renewal')
    expect([outline(effect?.before), outline(effect?.after)]).toEqual([
      [100, 'on-track'],
      [90.9, 'breached'],
    ])
    const { body: before } = await admin.get<Compliance>('/compliance')
    expect(before.rules[0]).toMatchObject({
      id: 'bus-renewal',
      value: 90.9,
      status: 'breached',
      needed: null,
    })
    await voidIt(gas.id)
    expect(await figure('bus-renewal')).toMatchObject({ value: 100, denominator: 10, status: 'on-track' })
    const then = await admin.get<Compliance>(`/compliance?asOf=${before.asOf}&knownAt=${before.knownAt}`)
    expect(then.body).toEqual(before)
    expect(await figure('bus-renewal', '?asOf=2025-05-31')).toMatchObject({ value: 100, denominator: 10 })
  })

  it('of taxis: exactly seventy percent, and one hybrid more', async () => {
    const olds = rowsOf(1, 91, (n) => ({ ...vehicleOf(n, TAXI), kind: 'stock' }))
    const news = rowsOf(1, 90, (n) => ({
      ...vehicleOf(100 + n, { ...TAXI, energy: n <= 63 ? 'PHEV' : 'gasoline' }),
      ...{ kind: 'replaced', on: '2025-03-01', replaces: vinOf(n) },
    }))
    await admin.record('taxis.csv', csvOf([...olds, ...news]))
    expect(await figure('taxi-renewal')).toMatchObject({
      value: 70,
      numerator: 63,
      denominator: 90,
      status: 'on-track',
      needed: 0,
    })
    const hybrid = { ...replace(191, [91], { ...TAXI, energy: 'HEV' }), breachReason: '车源不足' }
    await admin.mustChange(hybrid)
    expect(await figure('taxi-renewal')).toMatchObject({
      value: 69.2,
      numerator: 63,
      denominator: 91,
      status: 'behind',
      needed: 3,
    })
  })

  const [OWN, OTHER] = ['350702', '350703']
  /** Taxis replaced in a county: so many of them by new-energy ones. The last old one is still there. */
  const taxisOf = (county: string, from: number, count: number, clean: number) => [
    ...rowsOf(from, count + 1, (n) => ({ ...vehicleOf(n, { ...TAXI, county }), kind: 'stock' })),
    ...rowsOf(from, count, (n) => ({
      ...vehicleOf(100 + n, { ...TAXI, county, energy: n < from + clean ? 'PHEV' : 'gasoline' }),
      ...{ kind: 'replaced', on: '2025-03-01', replaces: vinOf(n) },
    })),
  ]
  const taxis = (body: Recorded) => body.effects.find((e) => e.rule === 'taxi-renewal')

  it('are the city’s: an officer gives a reason for what breaks one, though the own county’s holds', async () => {
    await admin.record('taxis.csv', csvOf([...taxisOf(OWN, 1, 10, 8), ...taxisOf(OTHER, 21, 10, 6)]))
    expect(await figure('taxi-renewal')).toMatchObject({ value: 70, status: 'on-track' })
    const officer = await person(service, { role: 'county-officer', county: OWN })
    const hybrid = replace(111, [11], { ...TAXI, energy: 'HEV' })
    const dry = await officer.change(hybrid, '?dryRun=true')
    expect([dry.status, taxis(dry.body)]).toMatchObject([
      200,
      {
        breaks: true,
        before: { value: 80, numerator: 8, denominator: 10, status: 'on-track' },
        after: { value: 72.7, numerator: 8, denominator: 11, status: 'on-track' },
      },
    ])
    const refused = await officer.change(hybrid)
    expect([refused.status, refused.body.code]).toEqual([422, 'change.breaks-target'])
    expect(refused.body.errors).toMatchObject([{ path: 'taxi-renewal', params: { rule: 'taxi-renewal' } }])
    const [made] = (await vehicle(108)).history
    const change = replace(108, [8], { ...TAXI, energy: 'HEV' }, '2025-03-01')
    const correct = (more: object) =>
      officer.post<Recorded>(`/changes/${made?.id}/correct`, {
        ...{ reason: '录入有误', change: { ...change, ...more } },
      })
    const anew = await correct({})
    expect([anew.status, anew.body.code]).toEqual([422, 'change.breaks-target'])
    const given = await correct({ breachReason: '以行驶证为准' })
    expect([given.status, taxis(given.body)]).toMatchObject([
      201,
      { breaks: true, before: { value: 80 }, after: { value: 70, status: 'on-track' } },
    ])
  })

  it('are the city’s: an officer needs no reason where it holds, though the own county’s does not', async () => {
    await admin.record('taxis.csv', csvOf([...taxisOf(OWN, 1, 0, 0), ...taxisOf(OTHER, 21, 10, 10)]))
    const officer = await person(service, { role: 'county-officer', county: OWN })
    const made = await officer.change(replace(101, [1], { ...TAXI, energy: 'HEV' }))
    expect([made.status, taxis(made.body)]).toMatchObject([
      201,
      { breaks: false, before: { status: 'no-data' }, after: { value: 0, status: 'behind' } },
    ])
  })

  it('of trucks: replaced, of another standard, transferred out', async () => {
    for (const n of [1, 2, 3]) await admin.mustChange(stock(n, { emission: n === 2 ? '4' : '3' }))
    await admin.mustChange(replace(11, [1], { energy: 'BEV' }))
    await admin.mustChange(retire(2))
    await admin.mustChange(retire(3, '2025-05-05', 'transferred-out'))
    expect((await figure('old-diesel-trucks-retired'))?.value).toBe(1)
    expect((await figure('freight-vehicles-added'))?.value).toBe(0)
  })

  it('of a taxi replaced with the plate kept', async () => {
    await admin.mustChange(stock(1, TAXI))
    await admin.mustChange(replace(2, [1], { ...TAXI, energy: 'BEV', plate: plateOf(1) }))
    const active = await admin.get<Page<VehicleWithHistory>>(
      `/vehicles?status=active&q=${encodeURIComponent(plateOf(1))}`,
    )
    const all = await admin.get<Page<VehicleWithHistory>>(`/vehicles?q=${encodeURIComponent(plateOf(1))}`)
    expect([active.body.total, all.body.total]).toEqual([1, 2])
    expect((await figure('taxi-renewal'))?.denominator).toBe(1)
    expect(await vehicle(1)).toMatchObject({
      status: 'retired',
      exitReason: 'replaced',
      replacedBy: vinOf(2),
    })
  })

  it('of one new bus for two old', async () => {
    await admin.mustChange(stock(1, BUS))
    await admin.mustChange(stock(2, BUS))
    const { body } = await admin.change({
      ...replace(3, [], { ...BUS, energy: 'BEV' }),
      replaces: [plateOf(1), vinOf(2), plateOf(2)],
    })
    expect(body.retires.map((v) => v.vin)).toEqual([vinOf(1), vinOf(2)])
    expect((await figure('bus-renewal'))?.denominator).toBe(1)
    expect([(await vehicle(1)).status, (await vehicle(2)).status]).toEqual(['retired', 'retired'])
    expect(await figure('bus-fleet')).toMatchObject({ numerator: 1, denominator: 1 })
    await voidIt(body.id)
    expect([(await vehicle(1)).status, (await vehicle(2)).status]).toEqual(['active', 'active'])
    expect(await figure('bus-fleet')).toMatchObject({ numerator: 0, denominator: 2 })
  })

  it('of 399 trucks on the last day and the day after, and of the 400th', async () => {
    const trucks = rowsOf(1, 400, (n) => ({ ...vehicleOf(n), kind: 'stock' }))
    const gone = rowsOf(1, 399, (n) => ({
      vin: vinOf(n),
      kind: 'retired',
      reason: 'scrapped',
      on: '2026-08-01',
    }))
    await admin.record('trucks.csv', csvOf([...trucks, ...gone]))
    const at = async (day: string) => (await figure('old-diesel-trucks-retired', `?asOf=${day}`)) ?? {}
    expect(await at('2027-12-31')).toMatchObject({ value: 399, status: 'at-risk', needed: 1 })
    expect(await at('2028-01-01')).toMatchObject({
      value: 399,
      status: 'missed',
      needed: null,
      forecast: null,
    })
    await admin.mustChange(retire(400, '2026-11-23'))
    for (const day of ['2026-11-23', '2027-12-31', '2028-01-01'])
      expect(await at(day)).toMatchObject({ value: 400, status: 'met' })
    expect(await at('2026-11-22')).toMatchObject({ value: 399 })
  })
})

describe('many at once', () => {
  it('retire one vehicle: exactly one wins', async () => {
    await admin.mustChange(stock(1))
    const reasons = ['scrapped', 'deregistered', 'transferred-out']
    const tries = Array.from({ length: 20 }, (_, i) =>
      admin.change(retire(1, `2025-05-${String(i + 1).padStart(2, '0')}`, reasons[i % 3])),
    )
    const answers = await Promise.all(tries)
    expect(answers.filter((a) => a.status === 201)).toHaveLength(1)
    for (const { status, body } of answers.filter((a) => a.status !== 201))
      expect([status, codes(body)]).toEqual([422, ['vehicle.already-retired']])
    expect(await ledger()).toHaveLength(2)
    expect((await vehicle(1)).history).toHaveLength(2)
  })

  it('add one vehicle: exactly one wins, whoever and whatever the date', async () => {
    const officer = await person(service, { role: 'officer' })
    const add = (i: number) => ({
      kind: 'added',
      on: `2025-05-${String((i % 5) + 1).padStart(2, '0')}`,
      vehicle: vehicleOf(1),
    })
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) => (i % 2 ? admin : officer).change(add(i))),
    )
    expect(answers.filter((a) => a.status === 201)).toHaveLength(1)
    expect(answers.every((a) => [201, 409, 422].includes(a.status))).toBe(true)
    expect(await ledger()).toHaveLength(1)
    expect((await figure('freight-vehicles-added'))?.value).toBe(1)
  })

  it('give two vehicles one plate: exactly one wins', async () => {
    const answers = await Promise.all([1, 2, 3].map((n) => admin.change(stock(n, { plate: plateOf(1) }))))
    expect(answers.map((a) => a.status).sort()).toEqual([201, 422, 422])
  })

  it('void one change: exactly one does', async () => {
    const { id } = await admin.mustChange({ kind: 'added', on: '2025-01-01', vehicle: vehicleOf(1) })
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => voidIt(id, `第${i}次`)))
    expect(answers.map((a) => a.status).sort()).toEqual([200, ...Array(9).fill(409)])
    const winner = answers.find((a) => a.status === 200)
    expect((await ledger())[0]?.voidReason).toBe(winner?.body.voidReason)
    expect((await figure('freight-vehicles-added'))?.value).toBe(0)
  })
})
