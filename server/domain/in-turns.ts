import { setImmediate as otherWork } from 'node:timers/promises'

const AT_ONCE = 5000

/** All of something, in an array: other work has its turn in between. */
export async function inTurns<T>(items: Iterable<T>): Promise<T[]> {
  const all: T[] = []
  for (const item of items) {
    all.push(item)
    if (all.length % AT_ONCE === 0) await otherWork()
  }
  return all
}

/** Does something with each, other work having its turn in between. */
export async function eachInTurn<T>(items: Iterable<T>, work: (item: T) => void): Promise<void> {
  let done = 0
  for (const item of items) {
    work(item)
    if (++done % AT_ONCE === 0) await otherWork()
  }
}
