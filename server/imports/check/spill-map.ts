import { Spool } from './spool.ts'

const FIRST_SLOTS = 1 << 12
const FULL = 0.7

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
    const slot = this.find(key, hash(key))
    const place = this.places[slot] ?? 0
    return place === 0 ? undefined : this.spool.get<[string, T]>(place - 1)[1]
  }

  has(key: string): boolean {
    return (this.places[this.find(key, hash(key))] ?? 0) !== 0
  }

  set(key: string, value: T): void {
    const mixed = hash(key)
    const slot = this.find(key, mixed)
    if (this.places[slot] === 0) this.used++
    this.places[slot] = this.spool.add([key, value]) + 1
    this.marks[slot] = mixed >>> 24
    if (this.used > this.places.length * FULL) this.grow()
  }

  close(): void {
    this.spool.close()
  }

  /** The slot of a key, or the free one where it belongs. */
  private find(key: string, mixed: number): number {
    const mask = this.places.length - 1
    for (let slot = mixed & mask; ; slot = (slot + 1) & mask) {
      const place = this.places[slot] ?? 0
      if (place === 0) return slot
      if (this.marks[slot] === mixed >>> 24 && this.spool.get<[string, T]>(place - 1)[0] === key) return slot
    }
  }

  private grow(): void {
    const { places } = this
    this.places = new Uint32Array(places.length * 2)
    this.marks = new Uint8Array(places.length * 2)
    const mask = this.places.length - 1
    for (const place of places) {
      if (place === 0) continue
      const mixed = hash(this.spool.get<[string, T]>(place - 1)[0])
      let slot = mixed & mask
      while (this.places[slot] !== 0) slot = (slot + 1) & mask
      this.places[slot] = place
      this.marks[slot] = mixed >>> 24
    }
  }
}

/** FNV-1a over UTF-16 units, mixed so that every bit depends on all of them. */
function hash(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
