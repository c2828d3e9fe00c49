/** Numbers that look random and are the same whenever the seed is. */
export class Random {
  private state: number

  constructor(seed: number) {
    this.state = seed >>> 0
  }

  /** From 0 (included) to 1 (not included): the generator mulberry32. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let t = this.state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }

  /** A whole number, both ends included. */
  int(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1))
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  /** One of a list. @throws when it is empty */
  pick<T>(list: readonly T[]): T {
    const item = list[Math.floor(this.next() * list.length)]
    if (item === undefined) throw new Error('nothing to pick from')
    return item
  }

  /** One of several, each as likely as its weight. */
  weighted<T>(choices: readonly (readonly [item: T, weight: number])[]): T {
    let left = this.next() * choices.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [item, weight] of choices) {
      left -= weight
      if (left < 0) return item
    }
    return this.pick(choices)[0]
  }

  /** Takes one out of a list, which then is in another order. @returns undefined when it is empty */
  take<T>(list: T[]): T | undefined {
    const at = Math.floor(this.next() * list.length)
    const item = list[at]
    const last = list.pop()
    if (item !== undefined && last !== undefined && at < list.length) list[at] = last
    return item
  }
}
