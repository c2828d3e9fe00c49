import { type Life, plateSpells } from './life.ts'

/**
 * A plate that two vehicles would carry at the same time and do not now: one plate is on one vehicle.
 * @param after the lives that are to be
 * @param before the same vehicles' lives as they are
 * @param holders the lives of all other vehicles that ever carried one of the plates
 */
export function plateClash(
  after: ReadonlyMap<string, Life>,
  before: ReadonlyMap<string, Life>,
  holders: ReadonlyMap<string, Life>,
): { vin: string; plate: string; holder: string } | undefined {
  const lives = new Map([...holders, ...after])
  for (const [vin, life] of after) {
    const known = new Set(plateSpells(before.get(vin) ?? []).map((s) => JSON.stringify(s)))
    for (const spell of plateSpells(life).filter((s) => !known.has(JSON.stringify(s)))) {
      for (const [holder, other] of lives) {
        if (holder === vin) continue
        const meets = plateSpells(other).some(
          (s) => s.plate === spell.plate && startsBefore(s, spell) && startsBefore(spell, s),
        )
        if (meets) return { vin, plate: spell.plate, holder }
      }
    }
  }
  return undefined
}

/** Whether one spell begins before the other is over. */
const startsBefore = (a: { from: string }, b: { to: string | null }): boolean =>
  b.to === null || a.from < b.to
