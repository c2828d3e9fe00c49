import { type Collection, MongoClient } from 'mongodb'
import { byTime, eventsOf, type LifeEvent } from '../../server/domain/life.ts'
import { vinCheckCharacter } from '../../server/domain/vin.ts'
import { CATEGORIES, type Emission, type Energy } from '../../server/domain/vocabulary.ts'
import { bareOperator } from '../../server/operators/model.ts'
import { vehicleOf } from '../../server/vehicles/derive.ts'

export const COUNTIES = [
  '350702',
  '350703',
  '350721',
  '350722',
  '350723',
  '350724',
  '350725',
  '350781',
  '350782',
  '350783',
]
const ENERGIES: Energy[] = ['BEV', 'BEV', 'BEV', 'PHEV', 'diesel', 'diesel', 'gasoline', 'gas']
/** Type codes of makers: as many as a city's fleets have. */
const TYPES = Array.from({ length: 40 }, (_, i) => {
  const letters = 'ABCDEFGHJKLMNPRSTUVWXYZ'
  const at = (k: number) => letters[(i * 7 + k * 11) % letters.length] ?? 'A'
  return `L${at(1)}${at(2)}${at(3)}${i % 10}${at(4)}${(i * 3) % 10}${at(5)}`
})
const OPERATORS = 300
const BATCH = 1000

/** The n-th vehicle of the bench: the same in a small register as in a large one. */
export function benchVehicle(n: number): { vin: string; plate: string } {
  const mixed = (n * 48_271) % 9_999_991
  const type = TYPES[mixed % TYPES.length] ?? ''
  const tail = `${'PRSTV'[mixed % 5]}${mixed % 10}${String(mixed % 1_000_000).padStart(6, '0')}`
  // Two numbers may end alike: the serial is made distinct by what stands before it.
  const place = `${'ABCDEFGHJK'[Math.floor(n / 100_000) % 10]}${tail.slice(2)}`
  const vin = `${type}${vinCheckCharacter(`${type}0${tail[0]}${place}`)}${tail[0]}${place}`
  const plate = `闽H${'DFA'[n % 3]}${String((n * 7919) % 99_991).padStart(5, '0')}`
  return { vin, plate }
}

function lifeOf(n: number): LifeEvent[] {
  const { vin, plate } = benchVehicle(n)
  const energy = ENERGIES[spread(n, 2, ENERGIES.length)] ?? 'BEV'
  const registeredOn = day(2010, n)
  const burns = energy !== 'BEV'
  const facts = {
    ...{ vin, plate, energy },
    category: CATEGORIES[spread(n, 1, CATEGORIES.length)] ?? 'bus',
    emission: burns ? standardOf(registeredOn) : null,
    registeredOn,
    operator: bareOperator(`企业${spread(n, 3, OPERATORS)}`)._id,
    county: COUNTIES[spread(n, 4, COUNTIES.length)] ?? '',
  }
  const none = { retires: [], from: null, reason: null, certificate: null, packs: null, note: null }
  const events = eventsOf('0'.repeat(24), { kind: 'stock', on: facts.registeredOn, vehicle: facts, ...none })
  if (spread(n, 5, 3) !== 0) return events
  const left = { kind: 'retired', on: '2025-03-01', vehicle: facts, ...none, reason: 'scrapped' } as const
  return [...events, ...eventsOf('1'.repeat(24), left)].sort(byTime)
}

/** Vehicles are sold by the standard in force: an old one is only found among old vehicles. */
const standardOf = (day: string): Emission =>
  day < '2013-07-01' ? '3' : day < '2017-07-01' ? '4' : day < '2021-07-01' ? '5' : '6'

/** A number below `below` that goes together with nothing else of a vehicle's. */
export function spread(n: number, what: number, below: number): number {
  let mixed = Math.imul(n + 1, 0x9e3779b1) ^ Math.imul(what, 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d)
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39)
  return ((mixed ^ (mixed >>> 15)) >>> 0) % below
}

const day = (from: number, n: number): string => {
  const days = spread(n, 6, 14 * 365)
  return new Date(Date.UTC(from, 0, 1 + days)).toISOString().slice(0, 10)
}

/** Puts so many vehicles, derived as the service derives them, and their operators into a service's own database. */
export async function fillRegister(mongoUri: string, count: number): Promise<void> {
  const client = new MongoClient(mongoUri, { writeConcern: { w: 1, journal: false } })
  const db = client.db()
  const operators = Array.from({ length: OPERATORS }, (_, i) => bareOperator(`企业${i}`))
  await (db.collection('operators') as Collection<never>).insertMany(operators as never)
  for (let from = 0; from < count; from += BATCH) {
    const vehicles = Array.from({ length: Math.min(BATCH, count - from) }, (_, i) => {
      const life = lifeOf(from + i)
      return vehicleOf(life[0]?.facts.vin ?? '', life)
    })
    await (db.collection('vehicles') as Collection<never>).insertMany(vehicles as never, { ordered: false })
  }
  await client.close()
}
