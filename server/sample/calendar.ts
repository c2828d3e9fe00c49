import { addDays, type CivilDate, daysBetween } from '../domain/civil-date.ts'
import type { Random } from './random.ts'

/** How busy the months are: little around the spring festival, much before the year ends. */
const BUSY = [0.8, 0.35, 0.9, 1, 1, 1.15, 0.9, 0.95, 1.1, 1.05, 1.4, 1.7]

const busy = (day: CivilDate): number => BUSY[Number(day.slice(5, 7)) - 1] ?? 1

/**
 * So many dates within a span, both days included, in order: more of them in busy months, and spread evenly enough
 * that the course over the years is steady.
 */
export function spread(random: Random, count: number, from: CivilDate, to: CivilDate): CivilDate[] {
  const days = daysBetween(from, to) + 1
  if (days <= 0) return []
  const reached: number[] = []
  let sum = 0
  for (let i = 0; i < days; i++) {
    sum += busy(addDays(from, i))
    reached.push(sum)
  }
  let i = 0
  return Array.from({ length: count }, (_, n) => {
    const wanted = ((n + random.next()) / count) * sum
    while (i < days - 1 && (reached[i] ?? 0) < wanted) i++
    return addDays(from, i)
  })
}
