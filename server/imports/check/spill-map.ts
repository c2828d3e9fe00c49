import { Spool } from './spool.ts'

/** Tables of a map: each grows by itself, so that hardly anything is held twice while one does. */
const TABLES = 256
const FIRST_SLOTS = 16
const FULL = 0.8
const GROWTH = 1.3

interface Table {
  /** where the record of a slot is, plus one; 0 for a free slot */
  places: Uint32Array
  /** eight bits of the key, so that hardly ever another key's record is read */
  marks: Uint8Array
  used: number
}

const newTable = (slots: number): Table => ({
  ...{ places: new Uint32Array(slots), marks: new Uint8Array(slots), used: 0 },
})

/**
 * A map from texts to JSON values that keeps five bytes a slot in memory and the rest in a temporary file: a list of a
 * million rows must not need more memory than a short one.
 */
export class SpillMap<T> {
  private readonly spool: Spool
  private readonly tables = Array.from({ length: TABLES }, () => newTable(FIRST_SLOTS))

  constructor(path: string) {
    this.spool = new Spool(path)
  }

  get(key: string): T | undefined {
    const place = this.placeOf(key)
    return place === 0 ? undefined : this.spool.get<[string, T]>(place - 1)[1]
  }

  has(key: string): boolean {
    return this.placeOf(key) !== 0
  }

  set(key: string, value: T): void {
    const mixed = hash(key)
    const table = this.tableOf(mixed)
    const slot = this.find(table, key, mixed)
    if (table.places[slot] === 0) table.used++
    table.places[slot] = this.spool.add([key, value], mixed) + 1
    table.marks[slot] = markOf(mixed)
    if (table.used > table.places.length * FULL) this.grow(table)
  }

  close(): void {
    this.spool.close()
  }

  private tableOf(mixed: number): Table {
    return this.tables[(mixed >>> 8) % TABLES] as Table
  }

  /** Where the record of a key is, plus one; 0 when there is none. */
  private placeOf(key: string): number {
    const mixed = hash(key)
    const table = this.tableOf(mixed)
    return table.places[this.find(table, key, mixed)] ?? 0
  }

  /** The slot of a key, or the free one where it belongs. */
  private find({ places, marks }: Table, key: string, mixed: number): number {
    for (let slot = home(mixed, places.length); ; slot = slot + 1 === places.length ? 0 : slot + 1) {
      const place = places[slot] ?? 0
      if (place === 0) return slot
      if (marks[slot] === markOf(mixed) && this.spool.get<[string, T]>(place - 1)[0] === key) return slot
    }
  }

  /** Little by little rather than twofold: the tables of a long list are most of what it needs in memory. */
  private grow(table: Table): void {
    const size = Math.ceil(table.places.length * GROWTH)
    const { places, marks } = newTable(size)
    for (const place of table.places) {
      if (place === 0) continue
      const mixed = this.spool.tag(place - 1)
      let slot = home(mixed, size)
      while (places[slot] !== 0) slot = slot + 1 === size ? 0 : slot + 1
      places[slot] = place
      marks[slot] = markOf(mixed)
    }
    Object.assign(table, { places, marks })
  }
}

/** The low bits of a hash; those next to them choose the table. */
const markOf = (mixed: number): number => mixed & 0xff

/** Where a key belongs in its table: by the high bits of its hash, as the low ones are taken. */
const home = (mixed: number, size: number): number => Math.floor((mixed / 0x1_0000_0000) * size)

/** FNV-1a over UTF-16 units, mixed so that every bit depends on all of them. */
function hash(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
