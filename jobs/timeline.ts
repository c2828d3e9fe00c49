/**
 * When a job is due over a time in which its schedule was edited: each slot is judged by the version that was in force
 * at its instant. Pure.
 */
import { latestSlot, MOST_SLOTS, nextSlots, type Schedule, slotsBetween } from './slots.ts'

/** A schedule and the instant after which it is in force; the slot at that very instant is still the former one's. */
export interface Piece {
  schedule: Schedule
  /** null: from the beginning */
  after: Date | null
}

/** The schedules of a job, oldest first; never empty. */
export type Timeline = readonly [Piece, ...Piece[]]

/** A timeline of a schedule that was never edited. */
export const unedited = (schedule: Schedule): Timeline => [{ schedule, after: null }]

/** Where a piece ends: the next one's beginning. */
const endOf = (timeline: Timeline, index: number): number => timeline[index + 1]?.after?.getTime() ?? Infinity
const startOf = ({ after }: Piece): number => after?.getTime() ?? -Infinity

/** The slots after one instant, up to and including another, oldest first; of very many, the latest thousand. */
export function slotsDue(timeline: Timeline, after: Date, upTo: Date): Date[] {
  const slots: Date[] = []
  for (let i = timeline.length - 1; i >= 0 && slots.length < MOST_SLOTS; i--) {
    const piece = timeline[i] as Piece
    const from = Math.max(startOf(piece), after.getTime())
    const to = Math.min(endOf(timeline, i), upTo.getTime())
    if (from >= to) continue
    slots.unshift(...slotsBetween(piece.schedule, new Date(from), new Date(to)))
  }
  return slots.slice(-MOST_SLOTS)
}

/** The latest slot at or before an instant. */
export function latestDue(timeline: Timeline, now: Date): Date {
  for (let i = timeline.length - 1; i > 0; i--) {
    const piece = timeline[i] as Piece
    const to = Math.min(endOf(timeline, i), now.getTime())
    if (startOf(piece) >= to) continue
    const slot = latestSlot(piece.schedule, new Date(to))
    if (slot.getTime() > startOf(piece)) return slot
  }
  return latestSlot(timeline[0].schedule, new Date(Math.min(endOf(timeline, 0), now.getTime())))
}

/** The next slots after an instant, soonest first. */
export function nextDue(timeline: Timeline, now: Date, count: number): Date[] {
  const slots: Date[] = []
  for (const [i, piece] of timeline.entries()) {
    const from = Math.max(startOf(piece), now.getTime())
    const to = endOf(timeline, i)
    if (from >= to) continue
    const next = nextSlots(piece.schedule, new Date(from), count - slots.length)
    slots.push(...next.filter((slot) => slot.getTime() <= to))
    if (slots.length >= count) break
  }
  return slots
}

/** The schedule in force from an instant on. */
export const scheduleAt = (timeline: Timeline, now: Date): Schedule =>
  (timeline.findLast((piece) => startOf(piece) <= now.getTime()) ?? timeline[0]).schedule
