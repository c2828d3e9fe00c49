import { type Collection, MongoClient, ObjectId } from 'mongodb'
import type { ChangeDoc } from '../../server/changes/model.ts'
import { type ChangeDraft, changeKey, touchedVins, type VehicleFacts } from '../../server/domain/change.ts'
import type { Category, Energy, Kind } from '../../server/domain/vocabulary.ts'
import { bareOperator } from '../../server/operators/model.ts'
import { benchVehicle, COUNTIES, spread } from './register-city.ts'

export const OPERATORS = 2000
const BATCH = 2000
/** As a city's ledger is: most of it fleets that were there, then what the plan is about. */
const KINDS: Kind[] = [
  ...Array<Kind>(8).fill('stock'),
  ...Array<Kind>(5).fill('replaced'),
  ...Array<Kind>(3).fill('added'),
  ...Array<Kind>(2).fill('retired'),
  ...(['battery-swap', 'transferred'] as const),
]
const CATEGORIES: Category[] = [
  ...Array<Category>(8).fill('bus'),
  ...Array<Category>(12).fill('cruising-taxi'),
  ...Array<Category>(8).fill('ride-hailing'),
  ...Array<Category>(10).fill('truck'),
  ...(['sanitation', 'vessel'] as const),
]
const ENERGIES: Energy[] = ['BEV', 'BEV', 'PHEV', 'HEV', 'diesel', 'diesel', 'gasoline', 'gas']
const EMISSIONS = [null, '2', '3', '4', '5', '6'] as const

const DAY_MS = 86_400_000
const BEGIN = Date.UTC(2024, 0, 1)
/** Entries happened and were recorded from January 2024 to November 2026. */
const DAYS = 1050

function factsOf(n: number, what: number): VehicleFacts {
  const { vin, plate } = benchVehicle(n + what * 3_000_000)
  const operator = spread(n, 3, OPERATORS)
  return {
    ...{ vin: what === 0 ? vin : `${vin.slice(0, 16)}${what}`, plate, registeredOn: null },
    category: CATEGORIES[spread(n, 1, CATEGORIES.length)] ?? 'bus',
    energy: ENERGIES[spread(n, 2 + what, ENERGIES.length)] ?? 'BEV',
    emission: EMISSIONS[spread(n, 7 + what, EMISSIONS.length)] ?? null,
    operator: bareOperator(`企业${operator}`)._id,
    // A company is at home in one county.
    county: COUNTIES[operator % COUNTIES.length] ?? '',
  }
}

/** The n-th entry of the bench's ledger, as the service stores it: late ones and withdrawn ones among them. */
export function benchEntry(n: number, of: number): Omit<ChangeDoc, 'holds'> {
  const kind = KINDS[spread(n, 8, KINDS.length)] ?? 'stock'
  const vehicle = factsOf(n, 0)
  const recordedAt = new Date(BEGIN + Math.floor((n / of) * DAYS * DAY_MS))
  const happened = recordedAt.getTime() - spread(n, 9, 45) * DAY_MS
  const on = new Date(Math.max(BEGIN, happened)).toISOString().slice(0, 10)
  const draft: ChangeDraft = {
    ...{ kind, on, vehicle, certificate: null, note: null },
    retires: kind === 'replaced' ? [factsOf(n, 1)] : [],
    from: kind === 'transferred' ? { operator: vehicle.operator, county: vehicle.county } : null,
    reason: kind === 'retired' ? 'scrapped' : null,
    packs: kind === 'battery-swap' ? 1 + spread(n, 10, 9) : null,
  }
  const voided = spread(n, 11, 25) === 0
  const by = { id: '0'.repeat(24), name: 'bench' }
  const voidedAt = voided ? new Date(recordedAt.getTime() + DAY_MS) : null
  return {
    ...draft,
    _id: new ObjectId(
      `${recordedAt.getTime().toString(16).padStart(12, '0')}${n.toString(16).padStart(12, '0')}`,
    ),
    key: changeKey(vehicle.vin, kind, on),
    vins: touchedVins(draft),
    source: null,
    ...{ reportedAt: null, recordedAt, recordedBy: by },
    ...{ voided, voidedAt, voidedBy: voided ? by : null, voidReason: voided ? 'bench' : null },
  }
}

/** Puts so many entries, and their operators, into a service's own database, as if they had been recorded long ago. */
export async function fillLedger(mongoUri: string, count: number): Promise<void> {
  const client = new MongoClient(mongoUri, { writeConcern: { w: 1, journal: false } })
  try {
    const db = client.db()
    const operators = Array.from({ length: OPERATORS }, (_, i) => bareOperator(`企业${i}`))
    await (db.collection('operators') as Collection<never>).insertMany(operators as never)
    const ledger = db.collection('changes') as Collection<never>
    for (let from = 0; from < count; from += BATCH) {
      const length = Math.min(BATCH, count - from)
      const entries = Array.from({ length }, (_, i) => benchEntry(from + i, count))
      await ledger.insertMany(entries as never, { ordered: false })
    }
  } finally {
    await client.close()
  }
}
