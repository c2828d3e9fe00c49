import { MongoClient } from 'mongodb'
import type { Client } from '../harness/client.ts'
import { inTurn, report } from './measure.ts'

const NEW_ENERGY = ['BEV', 'PHEV', 'FCEV']
const TAXIS = ['cruising-taxi', 'ride-hailing']

const is = (path: string, value: unknown) => ({ $eq: [`$${path}`, value] })
const among = (path: string, values: readonly string[]) => ({ $in: [`$${path}`, values] })
const count = (...all: unknown[]) => ({ $sum: { $cond: [{ $and: all }, 1, 0] } })
const oldDiesel = (path: string) => [
  { $eq: [`${path}.category`, 'truck'] },
  { $eq: [`${path}.energy`, 'diesel'] },
  { $in: [`${path}.emission`, ['0', '1', '2', '3']] },
]

/** The five targets' figures by county and operator, as one aggregation over the ledger. */
export const aggregation = (asOf: string) => [
  { $match: { voided: false, on: { $gte: '2024-01-01', $lte: asOf } } },
  {
    $group: {
      _id: { county: '$vehicle.county', operator: '$vehicle.operator' },
      buses: count(is('kind', 'replaced'), is('vehicle.category', 'bus')),
      newBuses: count(
        is('kind', 'replaced'),
        is('vehicle.category', 'bus'),
        among('vehicle.energy', NEW_ENERGY),
      ),
      taxis: count(is('kind', 'replaced'), among('vehicle.category', TAXIS)),
      newTaxis: count(
        is('kind', 'replaced'),
        among('vehicle.category', TAXIS),
        among('vehicle.energy', NEW_ENERGY),
      ),
      added: count(is('kind', 'added'), is('vehicle.category', 'truck')),
      retired: count(
        is('kind', 'retired'),
        among('reason', ['scrapped', 'deregistered']),
        ...oldDiesel('$vehicle'),
      ),
      replaced: {
        $sum: {
          $cond: [
            is('kind', 'replaced'),
            { $size: { $filter: { input: '$retires', cond: { $and: oldDiesel('$$this') } } } },
            0,
          ],
        },
      },
      packs: {
        $sum: {
          $cond: [
            {
              $and: [
                is('kind', 'battery-swap'),
                is('vehicle.category', 'bus'),
                among('vehicle.energy', NEW_ENERGY),
              ],
            },
            '$packs',
            0,
          ],
        },
      },
    },
  },
]

/** `GET /compliance` through the whole service beside the bare driver's aggregation of the same figures. */
export async function benchCompliance(client: Client, mongoUri: string, changes: number): Promise<void> {
  const mongo = new MongoClient(mongoUri)
  const ledger = mongo.db().collection('changes')
  const asOf = '2026-11-23'
  const sums: Record<string, number> = {}
  for (const group of await ledger.aggregate<Record<string, number>>(aggregation(asOf)).toArray()) {
    for (const [key, value] of Object.entries(group)) if (key !== '_id') sums[key] = (sums[key] ?? 0) + value
  }
  const rules = await client.figures(`?asOf=${asOf}`)
  const ours = {
    buses: rules['bus-renewal']?.denominator,
    newBuses: rules['bus-renewal']?.numerator,
    taxis: rules['taxi-renewal']?.denominator,
    newTaxis: rules['taxi-renewal']?.numerator,
    added: rules['freight-vehicles-added']?.value,
    packs: rules['bus-batteries-swapped']?.value,
    old: rules['old-diesel-trucks-retired']?.value,
  }
  const { retired = 0, replaced = 0, ...rest } = sums
  const theirs = { ...rest, old: retired + replaced }
  for (const [key, value] of Object.entries(ours)) {
    if (value !== theirs[key as keyof typeof theirs])
      throw new Error(`${key}: ${value} here, ${theirs[key as keyof typeof theirs]} there`)
  }
  const { a, b } = await inTurn(
    25,
    () => client.get(`/compliance?asOf=${asOf}`),
    () => ledger.aggregate(aggregation(asOf)).toArray(),
  )
  await mongo.close()
  const detail = `${a.toFixed(1)} ms beside ${b.toFixed(1)} ms at ${changes.toLocaleString('en')} changes`
  report('达标查询 GET /compliance', a / b, 1, detail)
}
