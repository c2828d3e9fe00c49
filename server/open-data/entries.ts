import type { Keys } from '../accounts/keys.ts'
import type { ChangeDoc, ChangeModel } from '../changes/model.ts'
import { knownBy } from '../compliance/evidence.ts'
import { withHint } from '../database/ordered.ts'
import type { VehicleFacts } from '../domain/change.ts'
import { civilDateAt, daysBetween, monthOf } from '../domain/civil-date.ts'
import { contributionsOf } from '../domain/contribution.ts'
import type { Policy } from '../domain/policy.ts'
import { type Arrival, isNews } from '../domain/quality.ts'
import { regionByCode } from '../domain/regions.ts'
import {
  CATEGORIES,
  EMISSIONS,
  ENERGIES,
  isEntry,
  isNewEnergy,
  KINDS,
  REASONS,
} from '../domain/vocabulary.ts'
import { arrivalsOf, Days } from '../quality/moved.ts'
import type { Field } from './fields.ts'
import type { Made } from './figures.ts'

/** An entry with what it adds to each rule's figure. */
export interface EntryRow {
  /** the same in every file, and of no use for finding the entry without the key */
  id: string
  doc: ChangeDoc
  arrival: Arrival
  /** by rule id */
  adds: ReadonlyMap<string, { numerator: number; denominator: number }>
}

interface Parts {
  changes: ChangeModel
  keys: Keys
  timeZone: string
}

/** Entries read at a time. */
const BATCH = 500

const RECORDED = { recordedAt: 1, _id: 1 } as const

/**
 * The id under which an entry is handed out. Whoever has it cannot ask for the entry by it, nor tell from it when, or
 * after which other one, it was made.
 * @returns 32 hexadecimal digits
 */
const publicId = (keys: Keys, id: string): string =>
  Buffer.from(keys.mac('open-data', id), 'base64url').toString('hex').slice(0, 32)

/** What rows are made of, and no more: what names a vehicle, a company or a person is not even read. */
const READ = {
  ...{ kind: 1, on: 1, 'from.county': 1, reason: 1, packs: 1, exemptFrom: 1, corrects: 1 },
  ...{ recordedAt: 1, reportedAt: 1 },
  ...facts('vehicle'),
  ...facts('retires'),
} as const

function facts(of: 'vehicle' | 'retires'): Record<string, 1> {
  const names = ['category', 'energy', 'emission', 'registeredOn', 'county']
  return Object.fromEntries(names.map((name) => [`${of}.${name}`, 1 as const]))
}

/** The columns of the changes: what happened to what kind of vehicle, when and where, and what it adds to each figure. */
export function entryFields({ policy, english }: Made): Field<EntryRow>[] {
  const vehicle = ({ doc }: EntryRow) => doc.vehicle
  const place = (code: string) => {
    const region = regionByCode(code)
    return (english ? region?.english : region?.name) ?? code
  }
  return [
    { name: 'id', type: 'string', described: 'id', required: true, value: (r) => r.id },
    {
      ...{ name: 'change', type: 'string', described: 'change', required: true },
      codes: { group: 'kind', values: KINDS },
      value: (r) => r.doc.kind,
    },
    {
      ...{ name: 'month', type: 'yearmonth', described: 'month_of_change' },
      value: ({ doc }) => (isNews(doc.kind) ? monthOf(doc.on) : null),
    },
    { name: 'on', type: 'date', described: 'on', value: ({ doc }) => (tellsDay(doc) ? doc.on : null) },
    {
      ...{ name: 'category', type: 'string', described: 'category', required: true },
      codes: { group: 'category', values: CATEGORIES },
      value: (r) => vehicle(r).category,
    },
    {
      ...{ name: 'energy', type: 'string', described: 'energy', required: true },
      codes: { group: 'energy', values: ENERGIES },
      value: (r) => vehicle(r).energy,
    },
    {
      ...{ name: 'new_energy', type: 'boolean', described: 'new_energy' },
      value: (r) => isNewEnergy(vehicle(r).energy),
    },
    {
      ...{ name: 'emission', type: 'string', described: 'emission' },
      codes: { group: 'emission', values: EMISSIONS },
      value: (r) => vehicle(r).emission,
    },
    {
      ...{ name: 'registered_year', type: 'year', described: 'registered_year' },
      value: (r) => vehicle(r).registeredOn?.slice(0, 4) ?? null,
    },
    { name: 'county', type: 'string', described: 'county', value: (r) => vehicle(r).county },
    { name: 'county_name', type: 'string', described: 'county_name', value: (r) => place(vehicle(r).county) },
    {
      ...{ name: 'reason', type: 'string', described: 'reason' },
      codes: { group: 'reason', values: REASONS },
      value: (r) => r.doc.reason,
    },
    { name: 'packs', type: 'integer', described: 'packs', value: (r) => r.doc.packs },
    {
      ...{ name: 'retired_vehicles', type: 'integer', described: 'retired_vehicles' },
      value: (r) => r.doc.retires.length,
    },
    {
      ...{ name: 'retired_detail', type: 'string', described: 'retired_detail' },
      value: (r) => r.doc.retires.map(outline).join(';'),
    },
    { name: 'recorded_on', type: 'date', described: 'recorded_on', value: (r) => r.arrival.recordedOn },
    {
      ...{ name: 'days_to_record', type: 'integer', described: 'days_to_record' },
      value: ({ doc, arrival }) => (tellsDay(doc) ? daysBetween(doc.on, arrival.recordedOn) : null),
    },
    ...addedTo(policy),
  ]
}

/**
 * Whether an entry's day is told. That of a vehicle's coming into service is often the day of its registration, which
 * could tell which vehicle it is.
 */
const tellsDay = ({ kind }: ChangeDoc): boolean => !isEntry(kind)

const outline = ({ category, energy, emission }: VehicleFacts): string =>
  `${category}/${energy}/${emission ?? ''}`

/** A rule's columns: their sums are its figure for the city. */
function addedTo({ rules }: Policy): Field<EntryRow>[] {
  return rules.flatMap((rule): Field<EntryRow>[] => {
    const numerator: Field<EntryRow> = {
      ...{ name: `${rule.id}_numerator`, type: 'integer', described: 'numeratorOf', rule: rule.title },
      value: (r) => r.adds.get(rule.id)?.numerator ?? 0,
    }
    if (rule.kind === 'count') return [numerator]
    const denominator: Field<EntryRow> = {
      ...{ name: `${rule.id}_denominator`, type: 'integer', described: 'denominatorOf', rule: rule.title },
      value: (r) => r.adds.get(rule.id)?.denominator ?? 0,
    }
    return [numerator, denominator]
  })
}

/**
 * All entries in effect as known at an instant, in batches. They are in the order of recording, within a batch of their
 * ids, which tells nothing: by the days of the changes the row before and the row after would tell what is left out,
 * and so might the order of a list's rows.
 */
export async function* entryRows(
  { changes, keys, timeZone }: Parts,
  { policy, knownAt }: Made,
): AsyncIterable<EntryRow[]> {
  const days = new Days(timeZone)
  const where = {
    $and: [
      { voided: { $in: [false, true] } },
      { on: { $lte: civilDateAt(knownAt, timeZone) } },
      knownBy(knownAt),
    ],
  }
  const found = await withHint(RECORDED, async (by) => {
    const cursor = changes.collection
      .find<ChangeDoc>(where as never, { ...by, projection: READ })
      .sort(RECORDED)
      .batchSize(BATCH)
    // Asked for the first here, where a missing index is met.
    await cursor.hasNext()
    return cursor
  })
  let docs: ChangeDoc[] = []
  const idOf = (doc: ChangeDoc) => publicId(keys, doc._id.toHexString())
  const rows = async () => {
    const made = rowsOf(docs, policy, await arrivalsOf(docs, changes, days), idOf)
    return made.sort((a, b) => (a.id < b.id ? -1 : 1))
  }
  for await (const doc of found) {
    docs.push(doc)
    if (docs.length < BATCH) continue
    yield await rows()
    docs = []
  }
  if (docs.length > 0) yield await rows()
}

const rowsOf = (
  docs: readonly ChangeDoc[],
  policy: Policy,
  arrivals: ReadonlyMap<string, Arrival>,
  idOf: (doc: ChangeDoc) => string,
): EntryRow[] =>
  docs.flatMap((doc) => {
    const arrival = arrivals.get(doc._id.toHexString())
    if (!arrival) return []
    const adds = new Map<string, { numerator: number; denominator: number }>()
    for (const { rule, numerator, denominator } of contributionsOf(policy, doc)) {
      const sum = adds.get(rule) ?? { numerator: 0, denominator: 0 }
      adds.set(rule, { numerator: sum.numerator + numerator, denominator: sum.denominator + denominator })
    }
    return [{ id: idOf(doc), doc, arrival, adds }]
  })
