import { Spool } from './spool.ts'

const FIRST_SLOTS = 1 << 12
const FULL = 0.8
const GROWTH = 1.3

/**
 * A map from texts to JSON values that keeps five bytes a slot in memory and the rest in a temporary file: a list of a
 * million rows must not need more memory than a short one.
 */
export class SpillMap<T> {
  private readonly spool: Spool
  /** where the record of a slot is, plus one; 0 for a free slot */
  private places = new Uint32Array(FIRST_SLOTS)
  /** eight bits of the key, so that hardly ever another key's record is read */
  private marks = new Uint8Array(FIRST_SLOTS)
  private used = 0

  constructor(path: string) {
    this.spool = new Spool(path)
  }

  get(key: string): T | undefined {
    const place = this.places[this.find(key, hash(key))] ?? 0
    return place === 0 ? undefined : this.spool.get<[string, T]>(place - 1)[1]
  }

  has(key: string): boolean {
    return (this.places[this.find(key, hash(key))] ?? 0) !== 0
  }

  set(key: string, value: T): void {
    const mixed = hash(key)
    const slot = this.find(key, mixed)
    if (this.places[slot] === 0) this.used++
    this.places[slot] = this.spool.add([key, value], mixed) + 1
    this.marks[slot] = mixed & 0xff
    if (this.used > this.places.length * FULL) this.grow()
  }

  close(): void {
    this.spool.close()
  }

  /** The slot of a key, or the free one where it belongs. */
  private find(key: string, mixed: number): number {
    const { places, marks } = this
    for (let slot = home(mixed, places.length); ; slot = slot + 1 === places.length ? 0 : slot + 1) {
      const place = places[slot] ?? 0
      if (place === 0) return slot
      if (marks[slot] === (mixed & 0xff) && this.spool.get<[string, T]>(place - 1)[0] === key) return slot
    }
  }

  /** Little by little rather than twofold: the tables of a long list are most of what it needs in memory. */
  private grow(): void {
    const size = Math.ceil(this.places.length * GROWTH)
    const places = new Uint32Array(size)
    const marks = new Uint8Array(size)
    for (const place of this.places) {
      if (place === 0) continue
      const mixed = this.spool.tag(place - 1)
      let slot = home(mixed, size)
      while (places[slot] !== 0) slot = slot + 1 === size ? 0 : slot + 1
      places[slot] = place
      marks[slot] = mixed & 0xff
    }
    this.places = places
    this.marks = marks
  }
}

/** Where a key belongs in a table: by the high bits of its hash, as the low ones are its mark. */
const home = (mixed: number, size: number): number => Math.floor((mixed / 0x1_0000_0000) * size)

/** FNV-1a over UTF-16 units, mixed so that every bit depends on all of them. */
function hash(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
