import { ObjectId } from 'mongodb'
import type { Connection } from 'mongoose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LedgerClock } from '../../server/changes/ledger-clock.ts'
import { type ChangeDoc, changeModel } from '../../server/changes/model.ts'
import { Closings } from '../../server/compliance/closings.ts'
import { ComplianceService } from '../../server/compliance/service.ts'
import { LedgerViews } from '../../server/compliance/views.ts'
import { connectMongoose } from '../../server/database/connect.ts'
import { ensureIndexes } from '../../server/database/indexes.ts'
import type { ChangeDraft } from '../../server/domain/change.ts'
import type { Sum } from '../../server/domain/series.ts'
import type { TallyFilter } from '../../server/domain/tally.ts'
import { policyModel } from '../../server/policies/model.ts'
import { Policies } from '../../server/policies/service.ts'
import { type Moment, type MovedRule, movementsOf } from '../../server/reports/movements.ts'
import { freshDatabase } from '../harness/mongo.ts'
import { NANPING } from '../harness/policies.ts'
import { COUNTIES, Dice, randomChange, recount } from '../harness/recount.ts'

/** Why figures moved, on random ledgers, against a recount that knows nothing of tallies. */

/** An entry as the recount sees it. */
interface Told {
  id: ObjectId
  change: ChangeDraft
  recordedAt: Date
  voidedAt: Date | null
  corrects: Told | null
}

const DAY = 86_400_000
const START = Date.parse('2026-01-01T00:00:00Z')
const at = (days: number) => new Date(START + Math.round(days * DAY))

/** Entries over a hundred days, some withdrawn, some of these said anew, and some of those again. */
function randomLedger(dice: Dice, count: number): Told[] {
  const ledger: Told[] = []
  let n = 0
  const enter = (when: number, corrects: Told | null): void => {
    const change = randomChange(dice, n++)
    const told: Told = { id: new ObjectId(), change, recordedAt: at(when), voidedAt: null, corrects }
    ledger.push(told)
    if (!dice.chance(0.35)) return
    const end = when + dice.next() * (100 - when)
    told.voidedAt = at(end)
    if (dice.chance(0.7)) enter(end, told)
  }
  while (ledger.length < count) enter(dice.next() * 100, null)
  return ledger
}

const stands = ({ recordedAt, voidedAt }: Told, knownAt: Date) =>
  recordedAt <= knownAt && (voidedAt === null || voidedAt > knownAt)

/** Whether an entry says anew, directly or not, one that stood at an instant. */
const putsRight = (told: Told, knownAt: Date): boolean =>
  told.corrects !== null && (stands(told.corrects, knownAt) || putsRight(told.corrects, knownAt))

/** By the second version emission standard 4 is old too; to the recount it is then as good as 3. */
const asSecond = (change: ChangeDraft): ChangeDraft => {
  const older = <T extends ChangeDraft['vehicle']>(facts: T): T =>
    facts.emission === '4' ? { ...facts, emission: '3' } : facts
  return { ...change, vehicle: older(change.vehicle), retires: change.retires.map(older) }
}

const NOW = new Date('2026-06-01T00:00:00Z')
const timeZone = 'Asia/Shanghai'
let database: Awaited<ReturnType<typeof freshDatabase>>
let connection: Connection
let policies: Policies
beforeAll(async () => {
  database = await freshDatabase()
  connection = await connectMongoose(database.uri)
  changeModel(connection)
  policies = new Policies(policyModel(connection))
  await ensureIndexes(connection)
  await policies.start()
  // Published on the fiftieth day.
  const policy = structuredClone(NANPING)
  policy.version = 2
  for (const reading of policy.readings) if (reading.id === 'old-truck') reading.chosen = 'up-to-4'
  const second = { _id: 'nanping-2024@2', policy, takesEffectAt: at(50), recordedBy: null, note: null }
  await connection.collection('policies').insertOne(second as never)
})
afterAll(async () => {
  policies.stop()
  await connection.close()
  await database.drop()
})

describe.each([1, 77, 4242, 20_261_126])('on a random ledger (seed %d)', (seed) => {
  const dice = new Dice(seed)
  const ledger = randomLedger(dice, 600)
  const days = [dice.day('2024-03-01', '2026-06-30'), dice.day('2026-07-01', '2028-03-31')]

  beforeAll(async () => {
    for (const name of ['changes', 'closings', 'ledger-state'])
      await connection.collection(name).deleteMany({})
    await connection.collection('changes').insertMany(ledger.map(docOf) as never)
  })

  it.each([
    ['before the policy changed', 20, 45],
    ['over a change of the policy', 45, 80],
    ['with nothing known in between', 60, 60],
    ['over all of it', 0.5, 100],
  ])('the parts add up and are what a recount gives, %s', async (_name, first, second) => {
    // As a process that has just started: nothing is at hand.
    const changes = changeModel(connection)
    const clock = new LedgerClock(connection)
    const views = new LedgerViews({ changes, policies, clock, closings: new Closings(connection, timeZone) })
    const compliance = new ComplianceService({ views, clock, policies, timeZone })
    const moment = (asOf = '', day: number): Moment => ({
      ...{ asOf, knownAt: at(day), policyVersion: day >= 50 ? 2 : 1 },
    })
    const [earlier, later] = [moment(days[0], first), moment(days[1], second)]
    const places = []
    for (const filter of [{}, ...COUNTIES.map((county) => ({ county })), { operator: 'op-1' }]) {
      const figures = async ({ knownAt, ...rest }: Moment) =>
        (await compliance.figures({ ...rest, ...filter, knownAt: knownAt.toISOString() }, NOW)).rules
      places.push({ filter, before: await figures(earlier), after: await figures(later) })
    }
    const moved = await movementsOf({ views, changes, policies }, earlier, later, places)
    let seen = 0
    for (const [i, { filter }] of places.entries())
      for (const rule of moved[i] ?? []) {
        addsUp(rule)
        expect({ filter, ...partsOf(rule) }).toEqual({
          filter,
          ...recounted(ledger, rule.rule, earlier, later, filter),
        })
        seen += Math.abs(rule.because.corrected.numerator) + Math.abs(rule.because.late.numerator)
      }
    expect(seen > 0).toBe(first !== second)
  })
})

/** The parts are all of the movement. */
function addsUp({ before, after, because }: MovedRule): void {
  const parts = Object.values(because)
  const total = (of: 'numerator' | 'denominator') => parts.reduce((n, part) => n + (part[of] ?? 0), 0)
  expect(after.numerator - (before?.numerator ?? 0)).toBe(total('numerator'))
  expect((after.denominator ?? 0) - (before?.denominator ?? 0)).toBe(total('denominator'))
}

const partsOf = ({ because, recorded, voided }: MovedRule) => ({ because, recorded, voided })

/** The same parts, entry by entry. */
function recounted(
  ledger: readonly Told[],
  rule: string,
  earlier: Moment,
  later: Moment,
  filter: TallyFilter,
): ReturnType<typeof partsOf> {
  const share = !rule.includes('trucks') && !/added|swapped|vessels/.test(rule)
  const sum = (of: (told: Told) => boolean, day: string, { policyVersion }: Moment): Sum =>
    recount(
      ledger.filter(of).map(({ change }) => ({
        ...{ change: policyVersion === 2 ? asSecond(change) : change, voided: false },
      })),
      ...([rule, day, filter] as const),
    )
  const part = (to: Sum, from?: Sum) => ({
    numerator: to.numerator - (from?.numerator ?? 0),
    denominator: share ? to.denominator - (from?.denominator ?? 0) : null,
  })
  const was = (told: Told) => stands(told, earlier.knownAt)
  const is = (told: Told) => stands(told, later.knownAt)
  const anew = (told: Told) => putsRight(told, earlier.knownAt)
  const { asOf: day } = earlier
  const lost = sum((told) => was(told) && !is(told), day, later)
  return {
    because: {
      happened: part(sum(is, later.asOf, later), sum(is, day, later)),
      late: part(sum((told) => is(told) && !was(told) && !anew(told), day, later)),
      corrected: part(
        sum((told) => is(told) && !was(told) && anew(told), day, later),
        lost,
      ),
      policy: part(sum(was, day, later), sum(was, day, earlier)),
    },
    recorded: sum((told) => is(told) && !was(told), day, later).entries,
    voided: lost.entries,
  }
}

function docOf({ id, change, recordedAt, voidedAt, corrects }: Told): Partial<ChangeDoc> {
  return {
    ...change,
    ...{ _id: id as never, key: String(id), vins: [change.vehicle.vin], source: null, reportedAt: null },
    ...{ recordedAt, recordedBy: { id: 'x', name: 'x' }, voided: voidedAt !== null, voidedAt },
    ...{ voidedBy: null, voidReason: null, ...(corrects ? { corrects: corrects.id as never } : {}) },
  }
}
