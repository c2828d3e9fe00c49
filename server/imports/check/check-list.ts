import { join } from 'node:path'
import type { ComplianceService } from '../../compliance/service.ts'
import { holderOf } from '../../domain/fleet.ts'
import { Moves } from '../../domain/moves.ts'
import type { OperatorRef, WorkingRegister } from '../../domain/register.ts'
import type { RowValues } from '../../domain/row.ts'
import type { Operators } from '../../operators/service.ts'
import type { VehicleModel } from '../../vehicles/model.ts'
import { loadRegister } from '../../vehicles/register-loader.ts'
import type { ImportDoc, ImportRowModel, MendDoc } from '../model.ts'
import { keepMoves } from '../moves.ts'
import type { ListFile } from '../reading/index.ts'
import { type Line, spoolLines } from './lines.ts'
import { type FleetSeen, missingRows } from './missing.ts'
import { RowOrder } from './order.ts'
import { Overlay } from './overlay.ts'
import { earlierRow, ROW, repeats } from './repeated.ts'
import { RowWriter } from './row-writer.ts'
import { SpillMap } from './spill-map.ts'
import { Spool } from './spool.ts'
import { Summary } from './summary.ts'
import { accept, checkRow, type ListContext, records, type Verdict, vinsOf } from './verdict.ts'

export interface CheckParts {
  rows: ImportRowModel
  vehicles: VehicleModel
  operators: Operators
  compliance: ComplianceService
}

export interface CheckCall {
  doc: ImportDoc
  file: ListFile
  mends: ReadonlyMap<string, MendDoc['cells']>
  context: ListContext & { now: Date }
  rowLimit: number
  /** a temporary folder of the check's own */
  folder: string
  /** told how many rows of how many (0: nobody knows) are done; may throw to stop */
  report: (done: number, total: number) => Promise<void>
}

/** Rows whose vehicles are read from the register at a time. */
const BLOCK = 1000
/** Findings that another row of the same day may put right, such as the one that frees a plate. */
const MAY_PASS = new Set(['vehicle.conflict', 'vehicle.not-found', 'replaced.not-found', 'date.before-entry'])

/** What the import's document says after a check. */
export type CheckResult = Pick<
  ImportDoc,
  | 'counts'
  | 'codes'
  | 'effects'
  | 'effectsCity'
  | 'newOperators'
  | 'counties'
  | 'touches'
  | 'sheets'
  | 'notes'
  | 'values'
>

/**
 * Checks every row of a list against the register and those before it, and keeps what came out, row by row, in memory
 * that does not grow with the list. Rows are taken in the order of their dates.
 * @throws ListProblem when the file cannot be read to its end
 */
export async function checkList(call: CheckCall, parts: CheckParts): Promise<CheckResult> {
  const check = new ListCheck(call, parts)
  try {
    return await check.run()
  } finally {
    check.close()
  }
}

class ListCheck {
  private readonly call: CheckCall
  private readonly parts: CheckParts
  private readonly spool: Spool
  private readonly overlay: Overlay
  /** rows that said what is known already, and vehicles that a fleet list named, with the row that did */
  private readonly seen: SpillMap<string>
  private readonly order = new RowOrder()
  private readonly summary: Summary
  private readonly writer: RowWriter
  private readonly fleet: FleetSeen
  private readonly sheetNames: ReadonlyMap<number, string>
  private findOperator: (name: string) => OperatorRef | undefined = () => undefined

  constructor(call: CheckCall, parts: CheckParts) {
    const { doc, folder, context } = call
    this.call = call
    this.parts = parts
    this.spool = new Spool(join(folder, 'rows'))
    this.overlay = new Overlay(folder)
    this.seen = new SpillMap(join(folder, 'seen'))
    this.summary = new Summary(new Moves(parts.compliance.policy))
    this.writer = new RowWriter(doc._id, parts.rows)
    this.fleet = { operators: new Set(context.operator ? [context.operator] : []), categories: new Set() }
    const chosen = doc.sheets.filter((s) => s.chosen)
    this.sheetNames = new Map(chosen.length > 1 ? chosen.map((s) => [s.index, s.name ?? '']) : [])
  }

  async run(): Promise<CheckResult> {
    const { doc, file, mends, context, rowLimit, report } = this.call
    this.findOperator = await this.parts.operators.finder()
    await this.parts.rows.collection.deleteMany({ import: doc._id })
    const options = { today: context.today, rowLimit }
    const read = await spoolLines(doc, file, this.spool, this.order, mends, options, (n) => report(n, 0))
    await this.checkDays()
    if (context.mode === 'fleet') await this.addMissing(mends)
    await this.writer.end()
    const { moves } = this.summary
    await keepMoves(this.parts.rows.db, doc._id, moves)
    const effects = await this.parts.compliance.effectsOf(moves, context.now, doc.scope)
    const effectsCity = await this.parts.compliance.effectsOf(moves, context.now)
    return { ...this.summary.result(), ...read, effects, effectsCity }
  }

  close(): void {
    this.spool.close()
    this.overlay.close()
    this.seen.close()
  }

  /** Days of few rows share a block; a day of many is checked in several. */
  private async checkDays(): Promise<void> {
    let block: Uint32Array[] = []
    let size = 0
    const flush = async () => {
      if (size > 0) await this.checkBlock(block)
      block = []
      size = 0
    }
    for (const day of this.order.days()) {
      if (day.length >= BLOCK) {
        await flush()
        await this.checkLongDay(day)
        continue
      }
      block.push(day)
      size += day.length
      if (size >= BLOCK) await flush()
    }
    await flush()
  }

  private async checkBlock(days: readonly Uint32Array[]): Promise<void> {
    const read = days.map((day) => Array.from(day, (place) => this.spool.get<Line>(place)))
    const register = await this.registerFor(read.flat())
    const changed = new Set<string>()
    for (const lines of read) {
      const left = this.rounds(lines, register, changed)
      for (const line of left) this.settle(line, this.check(line, register), register, changed)
    }
    this.overlay.keep(register, changed)
    await this.report()
  }

  /** Rows that depend on others of their day come after them, however far apart they are in the file. */
  private async checkLongDay(day: Uint32Array): Promise<void> {
    for (let waiting = day, last = false; waiting.length > 0; ) {
      const held: number[] = []
      for (let start = 0; start < waiting.length; start += BLOCK) {
        const places = waiting.subarray(start, start + BLOCK)
        const lines = Array.from(places, (place) => this.spool.get<Line>(place))
        const register = await this.registerFor(lines)
        const changed = new Set<string>()
        const left = new Set(this.rounds(lines, register, changed))
        lines.forEach((line, i) => {
          if (!left.has(line)) return
          if (last) this.settle(line, this.check(line, register), register, changed)
          else held.push(places[i] ?? 0)
        })
        this.overlay.keep(register, changed)
        await this.report()
      }
      // Another round only if this one has let anything in; then one that settles what is left.
      if (last) return
      last = held.length === waiting.length
      waiting = Uint32Array.from(held)
    }
  }

  /** Checks lines of one day until none of those left passes. @returns those left */
  private rounds(lines: readonly Line[], register: WorkingRegister, changed: Set<string>): Line[] {
    for (let waiting = lines; ; ) {
      const held: Line[] = []
      for (const line of waiting) {
        const verdict = this.check(line, register)
        if (verdict.issues.some((i) => MAY_PASS.has(i.code))) held.push(line)
        else this.settle(line, verdict, register, changed)
      }
      if (held.length === 0 || held.length === waiting.length) return held
      waiting = held
    }
  }

  private async registerFor(lines: readonly Line[]): Promise<WorkingRegister> {
    const values = lines.map((l) => l.read.values)
    const register = await loadRegister(this.parts.vehicles, values, this.findOperator)
    this.overlay.lend(register, values)
    return register
  }

  private check(line: Line, register: WorkingRegister): Verdict {
    const verdict = checkRow(line.read, register, this.call.context)
    const before = earlierRow(line.read, verdict, register) ?? this.saidBefore(line, verdict, register)
    return before === undefined || before === this.label(line) ? verdict : repeats(line.read, before)
  }

  /** The earlier row that named the same vehicle of a fleet, or said the same that is known already. */
  private saidBefore({ read: { values } }: Line, verdict: Verdict, register: WorkingRegister) {
    if (verdict.outcome === 'error') return undefined
    if (this.call.context.mode === 'fleet' && values.kind === undefined)
      return this.seen.get(`vehicle:${this.vehicleOf(values, register) ?? values.plate}`)
    return verdict.outcome === 'unchanged' ? this.seen.get(`entry:${verdict.change}`) : undefined
  }

  /** A vehicle may be named by its VIN in one row and by its plate in another. */
  private vehicleOf({ vin, plate }: RowValues, register: WorkingRegister): string | undefined {
    return vin ?? holderOf(plate, register, this.call.context.asOf)
  }

  /** Where a row is, as its sender finds it. */
  private label({ sheet, row }: Line): string {
    const name = this.sheetNames.get(sheet)
    return name === undefined ? String(row) : `${name}!${row}`
  }

  private settle(line: Line, verdict: Verdict, register: WorkingRegister, changed: Set<string>): void {
    const label = this.label(line)
    this.noteFleet(line, register, label)
    if (verdict.outcome === 'unchanged') this.seen.set(`entry:${verdict.change}`, label)
    if (records(verdict)) {
      accept(register, ROW + label, verdict)
      for (const vin of vinsOf(verdict)) changed.add(vin)
    }
    this.summary.note(line.read.values, verdict)
    this.writer.add(line, verdict)
  }

  private noteFleet({ read: { values } }: Line, register: WorkingRegister, label: string): void {
    if (this.call.context.mode !== 'fleet') return
    const { vin, plate, category, operator } = values
    for (const name of [this.vehicleOf(values, register), plate]) {
      if (name === undefined) continue
      if (!this.seen.has(`vehicle:${name}`)) this.seen.set(`vehicle:${name}`, label)
    }
    if (category) this.fleet.categories.add(category)
    const ref = operator === undefined ? undefined : register.operator(operator)
    if (ref && !ref.isNew && this.call.context.operator === null) this.fleet.operators.add(ref.id)
    for (const holder of plate ? register.holders(plate) : []) {
      const known = register.life(holder)?.at(-1)
      if (known?.facts.plate === plate && known?.facts.category)
        this.fleet.categories.add(known.facts.category)
    }
    const own = vin ? register.life(vin)?.at(-1)?.facts.category : undefined
    if (own) this.fleet.categories.add(own)
  }

  private async addMissing(mends: CheckCall['mends']): Promise<void> {
    const named = (vin: string, plate: string) =>
      this.seen.has(`vehicle:${vin}`) || this.seen.has(`vehicle:${plate}`)
    const found = missingRows(
      this.call.context,
      this.fleet,
      named,
      mends,
      this.overlay,
      this.parts,
      this.findOperator,
    )
    let seq = this.order.length
    for await (const { line, verdict } of found) {
      this.summary.note(line.read.values, verdict)
      this.writer.add({ ...line, seq: ++seq }, verdict)
      if (seq % BLOCK === 0) await this.report()
    }
  }

  private async report(): Promise<void> {
    await this.writer.flush()
    await this.call.report(Math.min(this.writer.written, this.order.length), this.order.length)
  }
}
