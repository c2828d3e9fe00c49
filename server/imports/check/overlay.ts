import { join } from 'node:path'
import type { Life } from '../../domain/life.ts'
import type { WorkingRegister } from '../../domain/register.ts'
import type { RowValues } from '../../domain/row.ts'
import { isVin } from '../../domain/vin.ts'
import { SpillMap } from './spill-map.ts'

/**
 * What the rows of a list checked so far have made of the register, kept on disk: the register itself is read block by
 * block, and those blocks must see the rows before them.
 */
export class Overlay {
  private readonly lives: SpillMap<Life>
  private readonly plates: SpillMap<string[]>

  /** @param folder a temporary folder of the check's own */
  constructor(folder: string) {
    this.lives = new SpillMap(join(folder, 'lives'))
    this.plates = new SpillMap(join(folder, 'plates'))
  }

  life(vin: string): Life | undefined {
    return this.lives.get(vin)
  }

  /** Puts into a register what earlier rows made of the vehicles that some rows name, and of those beside them. */
  lend(register: WorkingRegister, rows: Iterable<RowValues>): void {
    const lent = new Set<string>()
    const vehicle = (vin: string, depth: number) => {
      if (lent.has(vin)) return
      lent.add(vin)
      const life = this.lives.get(vin)
      if (life) register.load(vin, life)
      if (depth > 0)
        for (const event of life ?? []) for (const other of event.others) vehicle(other, depth - 1)
    }
    const plate = (text: string) => {
      for (const vin of this.plates.get(text) ?? []) vehicle(vin, 1)
      // Their lives in the register may be older than what earlier rows made of them.
      for (const vin of register.holders(text)) vehicle(vin, 1)
    }
    for (const values of rows) {
      if (values.vin) vehicle(values.vin, 1)
      if (values.plate) plate(values.plate)
      for (const ref of values.replaces ?? []) {
        if (isVin(ref)) vehicle(ref, 1)
        else plate(ref)
      }
    }
  }

  /** Keeps the vehicles that rows have changed. */
  keep(register: WorkingRegister, vins: Iterable<string>): void {
    for (const vin of vins) {
      const life = register.life(vin)
      if (!life) continue
      this.lives.set(vin, life)
      for (const plate of new Set(life.map((e) => e.facts.plate))) {
        const holders = this.plates.get(plate) ?? []
        if (!holders.includes(vin)) this.plates.set(plate, [...holders, vin])
      }
    }
  }

  close(): void {
    this.lives.close()
    this.plates.close()
  }
}
