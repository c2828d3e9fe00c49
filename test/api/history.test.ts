import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Compliance } from '../../server/compliance/schema.ts'
import { type Client, type Recorded, vehicleOf, vinOf } from '../harness/client.ts'
import { ADMIN, startTestService, type TestService } from '../harness/service.ts'

/**
 * A scripted history: what was said, corrected and withdrawn over several days, late entries among it. The figures for
 * any day as known at any instant are compared with a plain recomputation over a list that this file keeps, which
 * shares no code with the service.
 */

interface Facts {
  category: string
  energy: string
  emission?: string
  county: string
}
interface Said {
  id: string
  kind: string
  n: number
  on: string
  facts?: Facts
  to?: string
  olds?: number[]
  reason?: string
  packs?: number
  /** of one that breaks a target; the others must be accepted without */
  breachReason?: string
  from: string
  until: string | null
}
type Say = Omit<Said, 'id' | 'from' | 'until'>

const said: Said[] = []
let service: TestService
let admin: Client
let changes = 0

const bodyOf = ({ kind, n, on, facts, to, olds, reason, packs, breachReason }: Say) => ({
  ...{ kind, on, vehicle: facts ? vehicleOf(n, { operator: '公司', ...facts }) : { vin: vinOf(n) } },
  ...(olds ? { replaces: olds.map(vinOf) } : {}),
  ...(to ? { to: { county: to } } : {}),
  ...(reason ? { reason } : {}),
  ...(packs ? { packs } : {}),
  ...(breachReason ? { breachReason } : {}),
})

/** Says it to the service and notes it. */
async function say(what: Say): Promise<Said> {
  changes++
  const { id, recordedAt } = await admin.mustChange(bodyOf(what))
  const noted: Said = { ...what, id, from: recordedAt, until: null }
  said.push(noted)
  return noted
}

async function withdraw(one: Said): Promise<void> {
  const { status, body } = await admin.post<Recorded>(`/changes/${await current(one)}/void`, {
    reason: '录入有误',
  })
  expect([status, body]).toMatchObject([200, {}])
  one.until = body.voidedAt
}

async function correct(one: Said, anew: Partial<Say>): Promise<Said> {
  changes++
  const { breachReason: _, ...former } = one
  const what: Say = { ...former, ...anew }
  const { status, body } = await admin.post<Recorded>(`/changes/${await current(one)}/correct`, {
    ...{ reason: '录入有误', change: bodyOf(what) },
  })
  expect([what, status, body.code]).toEqual([what, 201, undefined])
  one.until = body.recordedAt
  const noted: Said = { ...what, id: body.id, from: body.recordedAt, until: null }
  said.push(noted)
  return noted
}

/** The entry that says a statement by now: it may have been said anew with what it copied. */
async function current(one: Said): Promise<string> {
  let { id } = one
  for (;;) {
    const { body } = await admin.get<Recorded>(`/changes/${id}`)
    if (body.correctedBy === null) return id
    id = body.correctedBy
  }
}

const bus = (energy: string, county = '350702'): Facts => ({
  category: 'bus',
  energy,
  county,
  ...fumes(energy),
})
const taxi = (energy: string, category = 'cruising-taxi', county = '350703'): Facts => ({
  ...{ category, energy, county },
  ...fumes(energy),
})
const truck = (emission: string | undefined, county = '350721', energy = 'diesel'): Facts => ({
  ...{ category: 'truck', energy, county },
  ...(energy === 'BEV' ? {} : { emission: emission as string }),
})
/** Nobody has said its emission standard. */
const unknownTruck = (county: string) => truck(undefined, county)
const fumes = (energy: string) => (energy === 'BEV' || energy === 'FCEV' ? {} : { emission: '5' })

const DAYS = ['2026-03-02', '2026-03-03', '2026-05-06', '2026-08-01', '2026-08-02', '2026-11-20']
const noon = (day: string) => `${day}T12:00:00+08:00`
const evening = (day: string) => `${day}T15:00:00.000Z`

async function onDay(day: string): Promise<void> {
  await service.restart({ NOW: noon(day) })
  await admin.signIn(ADMIN.email, ADMIN.password)
}

const stock = (n: number, facts: Facts, on = '2020-01-01') => say({ kind: 'stock', n, on, facts })
const added = (n: number, facts: Facts, on: string) => say({ kind: 'added', n, on, facts })
const replaced = (n: number, olds: number[], facts: Facts, on: string, breachReason?: string) =>
  say({ kind: 'replaced', n, olds, facts, on, ...(breachReason ? { breachReason } : {}) })
const retired = (n: number, on: string, reason = 'scrapped') => say({ kind: 'retired', n, on, reason })
const swap = (n: number, packs: number, on: string) => say({ kind: 'battery-swap', n, packs, on })
const moved = (n: number, to: string, on: string) => say({ kind: 'transferred', n, to, on })

/** The script, day by day. */
async function play(): Promise<void> {
  const b1 = await stock(1, bus('diesel'))
  const b2 = await stock(2, bus('BEV', '350703'), '2021-01-01')
  await stock(3, bus('gas'))
  await stock(11, taxi('gasoline'))
  const t12 = await stock(12, taxi('HEV', 'ride-hailing'))
  const k21 = await stock(21, truck('3'))
  const k22 = await stock(22, truck('4', '350702'))
  await stock(23, truck('2'))
  await stock(24, truck('3', '350722'))
  const k31 = await stock(31, unknownTruck('350783'))
  const k32 = await stock(32, unknownTruck('350702'))
  const k34 = await stock(34, unknownTruck('350725'))
  await onDay(DAYS[1] ?? '')
  const r4 = await replaced(4, [1], bus('BEV'), '2024-06-30')
  const s2 = await swap(2, 4, '2024-07-01')
  await moved(2, '350702', '2024-12-31')
  await swap(2, 2, '2025-01-01')
  const r13 = await replaced(13, [11], taxi('HEV'), '2025-01-01', '车源不足')
  const x21 = await retired(21, '2024-02-02')
  const x22 = await retired(22, '2025-06-15')
  await added(25, truck(undefined, '350702', 'BEV'), '2025-02-02')
  await retired(31, '2025-03-03')
  await replaced(33, [32], truck(undefined, '350702', 'BEV'), '2025-06-15')
  await onDay(DAYS[2] ?? '')
  // Late entries, and the first corrections: of a number, a day, what a vehicle is, which one it was.
  await stock(5, bus('diesel', '350721'))
  await replaced(6, [5, 3], bus('PHEV', '350721'), '2024-06-30')
  const s2b = await correct(s2, { packs: 6 })
  const x21b = await correct(x21, { on: '2023-12-31' })
  await correct(k22, { facts: truck('3', '350702') })
  const r13b = await correct(r13, { facts: taxi('BEV') })
  await withdraw(x22)
  await retired(22, '2025-06-16', 'deregistered')
  await retired(34, '2025-07-01', 'deregistered')
  await onDay(DAYS[3] ?? '')
  await correct(b2, { facts: bus('BEV', '350781') })
  await correct(x21b, { on: '2024-01-01' })
  await moved(24, '350702', '2025-03-03')
  const x24 = await retired(24, '2026-03-01', 'transferred-out')
  await withdraw(s2b)
  await correct(t12, { facts: taxi('PHEV', 'cruising-taxi') })
  await replaced(14, [12], taxi('gas', 'ride-hailing'), '2026-02-28', '乡镇无充电桩')
  // What nobody had said is found out: one counts from now on, one does not.
  await correct(k31, { facts: truck('3', '350783') })
  const k26 = await added(26, truck('6'), '2026-03-01')
  await onDay(DAYS[4] ?? '')
  await correct(x24, { reason: 'deregistered' })
  await correct(k26, { kind: 'replaced', olds: [23] })
  const back = await added(24, truck('5', '350722'), '2026-04-04')
  await retired(24, '2026-07-07')
  await correct(r13b, { olds: [11], on: '2025-01-02' })
  await correct(k21, { facts: truck('5') })
  await swap(4, 3, '2026-07-31')
  await correct(b1, { facts: bus('gas') })
  await correct(k32, { facts: truck('5', '350702') })
  await correct(k34, { facts: unknownTruck('350781') })
  await onDay(DAYS[5] ?? '')
  await correct(r4, { facts: bus('FCEV', '350703') })
  await correct(back, { facts: truck('3', '350722') })
  await swap(6, 8, '2026-11-19')
  await replaced(7, [2], bus('BEV', '350702'), '2026-11-20')
}

const NEW = ['BEV', 'PHEV', 'FCEV']
const ENTRY = ['stock', 'added', 'replaced']
interface Figure {
  numerator: number
  denominator: number
  undetermined: number
  counties: Record<string, [numerator: number, denominator: number, undetermined: number]>
}

/** The figures by naive loops. */
function recompute(asOf: string, knownAt: string): Record<string, Figure> {
  const known = said.filter(
    (s) => s.from <= knownAt && (s.until === null || s.until > knownAt) && s.on <= asOf,
  )
  const factsOn = (n: number, on: string): Facts => {
    let facts: Facts | undefined
    let entered = ''
    for (const s of known)
      if (s.n === n && s.facts && s.on <= on && s.on >= entered) {
        facts = { ...s.facts }
        entered = s.on
      }
    if (!facts) throw new Error(`nothing is known of ${n} on ${on}`)
    const moves = known.filter((s) => s.n === n && s.to && s.on >= entered && s.on <= on)
    for (const s of moves.sort((a, b) => (a.on < b.on ? -1 : 1))) facts.county = s.to ?? ''
    return facts
  }
  const figures: Record<string, Figure> = {}
  const add = (rule: string, county: string, numerator: number, denominator: number, undetermined = 0) => {
    const figure = figures[rule] ?? { numerator: 0, denominator: 0, undetermined: 0, counties: {} }
    figures[rule] = figure
    figure.numerator += numerator
    figure.denominator += denominator
    figure.undetermined += undetermined
    const [a, b, c] = figure.counties[county] ?? [0, 0, 0]
    figure.counties[county] = [a + numerator, b + denominator, c + undetermined]
  }
  const old = (facts: Facts) => {
    if (facts.category !== 'truck' || facts.energy !== 'diesel') return
    if (facts.emission === undefined) add('old-diesel-trucks-retired', facts.county, 0, 0, 1)
    else if (Number(facts.emission) <= 3) add('old-diesel-trucks-retired', facts.county, 1, 0)
  }
  for (const s of known.filter((one) => one.on >= '2024-01-01')) {
    const { category, energy, county } = factsOn(s.n, s.on)
    const isNew = NEW.includes(energy) ? 1 : 0
    if (s.kind === 'replaced' && category === 'bus') add('bus-renewal', county, isNew, 1)
    if (s.kind === 'replaced' && ['cruising-taxi', 'ride-hailing'].includes(category))
      add('taxi-renewal', county, isNew, 1)
    if (s.kind === 'added' && category === 'truck') add('freight-vehicles-added', county, 1, 0)
    if (s.kind === 'battery-swap' && category === 'bus' && isNew)
      add('bus-batteries-swapped', county, s.packs ?? 0, 0)
    if (s.kind === 'retired' && s.reason !== 'transferred-out') old(factsOn(s.n, s.on))
    for (const n of s.olds ?? []) old(factsOn(n, s.on))
  }
  const fleets: Record<string, string> = {
    ...{
      bus: 'bus-fleet',
      'cruising-taxi': 'taxi-fleet',
      'ride-hailing': 'taxi-fleet',
      truck: 'freight-fleet',
    },
  }
  for (const n of new Set(known.map((s) => s.n))) {
    const events = known
      .filter((s) => (s.n === n && (ENTRY.includes(s.kind) || s.kind === 'retired')) || s.olds?.includes(n))
      .sort((a, b) => (a.on < b.on ? -1 : 1))
    const last = events.at(-1)
    if (!last || last.n !== n || last.kind === 'retired') continue
    const { category, energy, county } = factsOn(n, asOf)
    add(fleets[category] ?? '', county, NEW.includes(energy) ? 1 : 0, 1)
  }
  return figures
}

const EMPTY: Figure = { numerator: 0, denominator: 0, undetermined: 0, counties: {} }
const shown = (figure: Compliance['rules'][number]): Figure => ({
  numerator: figure.numerator,
  denominator: figure.denominator ?? 0,
  undetermined: figure.undetermined,
  counties: withoutEmpty(
    Object.fromEntries(
      figure.breakdown.county.map((p) => [p.key, [p.numerator, p.denominator ?? 0, p.undetermined]]),
    ),
  ),
})
const withoutEmpty = (counties: Figure['counties']): Figure['counties'] =>
  Object.fromEntries(Object.entries(counties).filter(([, parts]) => parts.some((n) => n !== 0)))

/** Compares all figures of a day as known at an instant. */
async function expectFigures(asOf: string, knownAt: string): Promise<void> {
  const expected = recompute(asOf, knownAt)
  const figures = await admin.figures(`?asOf=${asOf}&knownAt=${knownAt}`)
  for (const rule of COMPARED) {
    const figure = figures[rule]
    const plain = expected[rule] ?? EMPTY
    const wanted = { ...plain, counties: withoutEmpty(plain.counties) }
    expect([rule, asOf, knownAt, figure && shown(figure)]).toEqual([rule, asOf, knownAt, wanted])
  }
}

const COMPARED = [
  ...['bus-renewal', 'taxi-renewal', 'old-diesel-trucks-retired', 'freight-vehicles-added'],
  ...['bus-batteries-swapped', 'bus-fleet', 'taxi-fleet', 'freight-fleet'],
]
const AS_OF = [
  '2023-12-31',
  '2024-06-30',
  '2025-01-01',
  '2025-06-15',
  '2026-03-01',
  '2026-07-07',
  '2026-11-20',
]

describe('a history of changes, corrections, withdrawals and late entries', () => {
  beforeAll(async () => {
    service = await startTestService({ NOW: noon(DAYS[0] ?? '') })
    admin = service.admin
    await play()
    await service.restart({ NOW: noon('2026-11-21') })
    await admin.signIn(ADMIN.email, ADMIN.password)
  }, 240_000)
  afterAll(() => service.close())

  it('is long enough', () => {
    expect(changes).toBeGreaterThanOrEqual(40)
    expect(said.filter((s) => s.until !== null).length).toBeGreaterThanOrEqual(12)
    expect(new Set(said.map((s) => s.from.slice(0, 10))).size).toBe(DAYS.length)
    const undetermined = DAYS.map(
      (day) => recompute('2026-11-20', evening(day))['old-diesel-trucks-retired']?.undetermined ?? 0,
    )
    expect(undetermined).toEqual([0, 2, 3, 2, 1, 1])
  })

  it.each(['2026-03-01', ...DAYS])(
    'gives the figures of any day as known on the evening of %s',
    async (day) => {
      for (const asOf of AS_OF) await expectFigures(asOf, evening(day))
    },
  )

  it('and at the very instant of each statement, and just before it', async () => {
    const instants = [...new Set(said.flatMap((s) => [s.from, ...(s.until ? [s.until] : [])]))]
    const before = (instant: string) => new Date(Date.parse(instant) - 1).toISOString()
    for (const knownAt of instants.flatMap((i) => [before(i), i])) await expectFigures('2026-11-20', knownAt)
  })
})
