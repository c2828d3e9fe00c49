import type { ChangeDraft } from './change.ts'
import { byTime, eventsOf, type Life, type LifeEvent } from './life.ts'

/** An operator as a name in a list leads to it. */
export interface OperatorRef {
  id: string
  /** nobody has registered it yet */
  isNew: boolean
}

/** What is known of vehicles and operators while changes are checked. */
export interface Register {
  /** the vehicle's life, undefined for a VIN never heard of */
  life(vin: string): Life | undefined
  /** the VINs that ever carried a plate */
  holders(plate: string): readonly string[]
  /** the operator of a name or credit code; undefined when the sender may not name it */
  operator(name: string): OperatorRef | undefined
}

/** A register in memory that accepted changes are added to, so that each row sees those before it. */
export class WorkingRegister implements Register {
  private readonly lives = new Map<string, LifeEvent[]>()
  private readonly plates = new Map<string, Set<string>>()
  private readonly findOperator: (name: string) => OperatorRef | undefined

  /** @param findOperator leads a name to its operator */
  constructor(findOperator: (name: string) => OperatorRef | undefined) {
    this.findOperator = findOperator
  }

  /** Puts in a vehicle's life as recorded. */
  load(vin: string, life: Life): void {
    this.lives.set(vin, [...life])
    for (const event of life) this.note(vin, event.facts.plate)
  }

  life(vin: string): Life | undefined {
    return this.lives.get(vin)
  }

  holders(plate: string): readonly string[] {
    return [...(this.plates.get(plate) ?? [])]
  }

  operator(name: string): OperatorRef | undefined {
    return this.findOperator(name)
  }

  /** Adds a change that has been accepted. */
  accept(id: string, change: ChangeDraft): void {
    for (const event of eventsOf(id, change)) {
      const { vin, plate } = event.facts
      this.lives.set(vin, insertEvent(this.lives.get(vin) ?? [], event))
      this.note(vin, plate)
    }
  }

  private note(vin: string, plate: string): void {
    const vins = this.plates.get(plate)
    if (vins) vins.add(vin)
    else this.plates.set(plate, new Set([vin]))
  }
}

/** A life with one more event in its place; on equal terms after those that were there. */
export function insertEvent(life: Life, event: LifeEvent): LifeEvent[] {
  let at = life.length
  while (at > 0) {
    const before = life[at - 1]
    if (!before || byTime(before, event) <= 0) break
    at--
  }
  return [...life.slice(0, at), event, ...life.slice(at)]
}
