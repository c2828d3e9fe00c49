import { fileURLToPath } from 'node:url'
import { type Collection, type Document, MongoClient } from 'mongodb'
import { bareOperator } from '../../server/operators/model.ts'
import type { Client, Page } from '../harness/client.ts'
import { benchExport } from './export.ts'
import { inTurn, median, report, timed } from './measure.ts'
import { endProgram, startProgram } from './process.ts'
import { benchVehicle, fillRegister } from './register-city.ts'
import { inWorld, NOW, type World } from './world.ts'

const LARGE = Number(process.env.BENCH_VEHICLES ?? 300_000)
const SMALL = LARGE / 10
const RUNS = 60
const PAGE = 25
const LIMIT = 2
const FLAT = 1.5
const EMPTY = fileURLToPath(new URL('empty-express.mjs', import.meta.url))

/** Fragments of one vehicle that both registers hold, and of many. */
function fragments(): Record<string, string> {
  const { vin, plate } = benchVehicle(1_234)
  return {
    'plate, whole': plate,
    'plate, middle': plate.slice(3, 7),
    'VIN, tail': vin.slice(-6),
    'VIN, head': vin.slice(0, 8),
    'VIN, inside': vin.slice(3, 7),
    'two digits': '12',
    'all plates': '闽H',
  }
}

const FLEET = bareOperator('企业7')._id
const DAY = '2019-12-31'
const TEN_YEARS_AGO = `${Number(NOW.slice(0, 4)) - 10}${NOW.slice(4, 10)}`

interface List {
  query: string
  filter: Document
  order?: 'enteredOn' | 'registeredOn'
}

/** Lists as they are opened, by the filters of the page. */
const LISTS: Record<string, List> = {
  all: { query: '', filter: {} },
  'one category': { query: 'category=bus', filter: { category: 'bus' } },
  'category and status': {
    query: 'category=truck&status=active',
    filter: { category: 'truck', status: 'active' },
  },
  'one county': { query: 'county=350722', filter: { county: '350722' } },
  'those that left': { query: 'status=retired', filter: { status: 'retired' } },
  'one emission standard': { query: 'emission=3', filter: { emission: '3' } },
  'one energy': { query: 'energy=gas', filter: { energy: 'gas' } },
  'one operator': { query: `operator=${FLEET}`, filter: { operator: FLEET } },
  'ten years old': {
    query: 'ageFrom=10',
    filter: { registeredOn: { $lte: TEN_YEARS_AGO } },
    order: 'registeredOn',
  },
  'in service on a day': {
    query: `inServiceOn=${DAY}`,
    filter: { spells: { $elemMatch: { from: { $lte: DAY }, $or: [{ to: null }, { to: { $gt: DAY } }] } } },
  },
  'a common fragment': { query: 'q=12', filter: { $or: [{ plates: /12/ }, { _id: /12/ }] } },
}

interface Parts {
  world: World
  vehicles: Collection<Document & { _id: string }>
  empty: () => Promise<unknown>
  count: number
}

/** Typing ahead and pages of lists, in a small register and in one ten times as large. */
export async function benchRegister(): Promise<void> {
  const { child, found } = await startProgram(process.execPath, [EMPTY], {}, /Ready (http:\/\/\S+)/)
  const empty = () => fetch(found[1] ?? '').then((answer) => answer.json())
  try {
    await inWorld((small) =>
      inWorld(async (large) => {
        await benchSize({ world: small, empty, count: SMALL })
        await benchSize({ world: large, empty, count: LARGE })
        await benchFlat(small.client, large.client)
        await benchExport(large, LARGE)
      }),
    )
  } finally {
    await endProgram(child)
  }
}

async function benchSize({ world, empty, count }: Omit<Parts, 'vehicles'>): Promise<void> {
  const { ms } = await timed(() => fillRegister(world.mongoUri, count))
  const size = count.toLocaleString('en')
  console.log(`  … ${size} vehicles in the register, put in by ${((ms * 1000) / count).toFixed(0)} µs each`)
  const mongo = new MongoClient(world.mongoUri)
  const vehicles = mongo.db().collection<Document & { _id: string }>('vehicles')
  const parts = { world, vehicles, empty, count }
  for (const [what, q] of Object.entries(fragments())) await benchTyping(parts, what, q)
  for (const [what, list] of Object.entries(LISTS)) await benchList(parts, what, list)
  await mongo.close()
}

async function benchTyping({ world, vehicles, empty, count }: Parts, what: string, q: string): Promise<void> {
  const path = `/vehicles/suggest?q=${encodeURIComponent(q)}`
  const { body } = await world.client.get<{ items: { vin: string }[] }>(path)
  if (body.items.length === 0) throw new Error(`nothing is suggested for ${q}`)
  const beginning = { fragments: { $in: [new RegExp(`^${q}`), ...frontsOf(q)] } }
  const bare = () =>
    vehicles
      .find(beginning, {
        projection: { plate: 1, category: 1, energy: 1, operator: 1, county: 1, status: 1 },
      })
      .hint({ fragments: 1 })
      .limit(body.items.length)
      .toArray()
  await beside(
    `输入联想 typing ${what}, ${count.toLocaleString('en')}`,
    () => world.client.get(path),
    bare,
    empty,
  )
}

/** The index of fragments holds every second remainder: the others begin with one character more. */
const frontsOf = (q: string): RegExp[] =>
  [...'0123456789ABCDEFGHJKLMNPQRSTUVWXYZ'].map((front) => new RegExp(`^${front}${q}`))

async function benchList(
  { world, vehicles, empty, count }: Parts,
  what: string,
  { query, filter, order = 'enteredOn' }: List,
): Promise<void> {
  const sorted = { [order]: -1, _id: 1 } as const
  const shown = { projection: { life: 0, fragments: 0, spells: 0 } }
  const held = await vehicles.countDocuments(filter)
  // In the small register a filter leaves fewer pages.
  const thousandth = PAGE * Math.min(999, Math.floor(held / PAGE) - 2)
  for (const [which, skip] of [
    ['first page', 0],
    [`page ${thousandth / PAGE + 1}`, thousandth],
  ] as const) {
    const [last] =
      skip === 0
        ? []
        : await vehicles
            .find(filter)
            .sort(sorted)
            .skip(skip - 1)
            .limit(1)
            .toArray()
    const cursor = last ? await cursorAt(vehicles, filter, order, last) : ''
    const path = `/vehicles?${query}&limit=${PAGE}${cursor && `&cursor=${cursor}`}`
    const behind = last
      ? {
          $or: [{ [order]: { $lt: last[order] } }, { [order]: last[order], _id: { $gt: last._id } }],
        }
      : {}
    const bare = () =>
      vehicles
        .find({ $and: [filter, behind] }, shown)
        .sort(sorted)
        .limit(PAGE)
        .toArray()
    const { body } = await world.client.get<Page<{ id: string }>>(path)
    const same = (await bare()).map((v) => v._id)
    if (JSON.stringify(body.items.map((v) => v.id)) !== JSON.stringify(same))
      throw new Error(`${path} holds other vehicles than the database`)
    const name = `名单 list ${what}, ${which}, ${count.toLocaleString('en')}`
    await beside(name, () => world.client.get(path), bare, empty)
  }
}

/** The cursor that the service gives behind a vehicle. */
async function cursorAt(
  vehicles: Parts['vehicles'],
  filter: Document,
  order: 'enteredOn' | 'registeredOn',
  { _id, [order]: day }: Document,
): Promise<string> {
  const passed = await vehicles.countDocuments({ $and: [filter, { [order]: day, _id: { $lte: _id } }] })
  return Buffer.from(JSON.stringify([day, _id, String(passed)])).toString('base64url')
}

async function beside(
  name: string,
  ours: () => Promise<unknown>,
  bare: () => Promise<unknown>,
  empty: () => Promise<unknown>,
): Promise<void> {
  for (let i = 0; i < 5; i++) await Promise.all([ours(), bare(), empty()])
  const { a, b } = await inTurn(RUNS, ours, async () => {
    await bare()
    await empty()
  })
  const detail = `${a.toFixed(1)} ms beside ${b.toFixed(1)} ms of the bare find and an empty answer`
  report(name, a / b, LIMIT, detail)
}

/** The same fragments in both registers, in turn. */
async function benchFlat(small: Client, large: Client): Promise<void> {
  const ratios: number[] = []
  for (const [what, q] of Object.entries(fragments())) {
    const path = `/vehicles/suggest?q=${encodeURIComponent(q)}`
    const { a, b } = await inTurn(
      RUNS,
      () => large.get(path),
      () => small.get(path),
    )
    ratios.push(a / b)
    const detail = `${a.toFixed(1)} ms at ${LARGE.toLocaleString('en')} beside ${b.toFixed(1)} ms at ${SMALL.toLocaleString('en')} vehicles`
    report(`查找规模 flat typing ${what}`, a / b, FLAT, detail)
  }
  console.log(`  … in the middle ${median(ratios).toFixed(2)}×`)
}
