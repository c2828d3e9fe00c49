import { type CivilDate, daysBetween } from './civil-date.ts'
import { contradictsEnergy } from './plate.ts'
import { SMALL_BELOW } from './ranking.ts'
import { hasVinCheckDigit } from './vin.ts'
import type { Energy, Kind } from './vocabulary.ts'

/** How well operators report: what is late, what is missing, what is doubtful, and a score made of it (docs/quality.md). */

/** What is looked at. The letters of the score: how many of 100 points each can cost. */
export const QUALITY_WEIGHTS = { late: 40, months: 30, facts: 20, warnings: 10 } as const
export type QualityAspect = keyof typeof QUALITY_WEIGHTS
export const QUALITY_ASPECTS = Object.keys(QUALITY_WEIGHTS) as QualityAspect[]

/** Of how many there is something wrong with how many. */
export interface Faults {
  bad: number
  of: number
}

/** What an aspect costs. */
export interface QualityLine extends Faults {
  aspect: QualityAspect
  /** the most that it can cost, in points */
  weight: number
  /** what it costs, in tenths of a point */
  lost: number
}

/**
 * What an aspect costs, in tenths of a point: its weight × what is wrong ÷ all, rounded up, so that every fault shows.
 * Where there is nothing to judge, nothing is lost.
 */
export const lostBy = (weight: number, { bad, of }: Faults): number =>
  of <= 0 || bad <= 0 ? 0 : Math.ceil((weight * 10 * Math.min(bad, of)) / of)

/**
 * The score: 100 points less what each aspect costs; the lines add up to it exactly.
 * @returns points to the tenth; null where there is nothing to judge at all
 */
export function qualityScore(faults: Record<QualityAspect, Faults>): {
  score: number | null
  lines: QualityLine[]
} {
  const lines = QUALITY_ASPECTS.map((aspect): QualityLine => {
    const weight = QUALITY_WEIGHTS[aspect]
    return { aspect, weight, ...faults[aspect], lost: lostBy(weight, faults[aspect]) }
  })
  if (lines.every(({ of }) => of <= 0)) return { score: null, lines }
  return { score: (1000 - lines.reduce((sum, { lost }) => sum + lost, 0)) / 10, lines }
}

/** True where so few changes were judged, or none, that one of them would move the score by points: it is not ranked. */
export const isFewChanges = (changes: number): boolean => changes < SMALL_BELOW

/** When an entry's news came: the days on which it was first recorded and, if its operator sent it, reported. */
export interface Arrival {
  recordedOn: CivilDate
  reportedOn: CivilDate | null
}

/** How an entry arrived. */
export interface Delay {
  /** days from the change to its recording; negative never happens, as nothing is recorded ahead of its day */
  days: number
  /** recorded more than the policy's days after it happened */
  late: boolean
  /** its operator sent it in time, and only its acceptance was late */
  excused: boolean
}

/** Vehicles that were there before the period are an inventory, not news: they cannot be late. */
export const isNews = (kind: Kind): boolean => kind !== 'stock'

/**
 * How late an entry is.
 * @param on the day on which it happened
 * @param arrival of the first entry of those that say it, where it was corrected: what is put right is not late for it
 * @param reportingDays the policy's; exactly so many days later is still in time
 */
export function delayOf(on: CivilDate, arrival: Arrival, reportingDays: number): Delay {
  const days = daysBetween(on, arrival.recordedOn)
  const late = days > reportingDays
  const { reportedOn } = arrival
  return { days, late, excused: late && reportedOn !== null && daysBetween(on, reportedOn) <= reportingDays }
}

/** What is doubtful in an entry's own facts, and stays so until it is corrected. */
export const DOUBTS = ['vin.check-digit', 'plate.energy-mismatch'] as const
export type Doubt = (typeof DOUBTS)[number]

/** What is doubtful in a vehicle's identifiers: a VIN's check digit, a plate's type against the energy. */
export function doubtsOf(vehicle: { vin: string; plate: string; energy: Energy }): Doubt[] {
  const doubts: Doubt[] = []
  if (!hasVinCheckDigit(vehicle.vin)) doubts.push('vin.check-digit')
  if (contradictsEnergy(vehicle.plate, vehicle.energy)) doubts.push('plate.energy-mismatch')
  return doubts
}
