import type { ComplianceService } from '../compliance/service.ts'
import { civilDateAt } from '../domain/civil-date.ts'
import type { Issue } from '../domain/issue.ts'
import { Moves } from '../domain/moves.ts'
import type { RowCells, RowValues } from '../domain/row.ts'
import type { Operators } from '../operators/service.ts'
import type { VehicleModel } from '../vehicles/model.ts'
import { loadRegister } from '../vehicles/register-loader.ts'
import { type Line, lineOf } from './check/lines.ts'
import { RowOrder } from './check/order.ts'
import { earlierRow, ROW, repeats } from './check/repeated.ts'
import { outcomeOf } from './check/row-writer.ts'
import { Summary } from './check/summary.ts'
import { accept, checkRow, type ListContext, records, type Verdict } from './check/verdict.ts'
import type { ImportDoc, ImportModel, ImportRowDoc, ImportRowModel, MendDoc } from './model.ts'
import { keepMoves, keptMoves } from './moves.ts'
import { CellPlan } from './plan.ts'
import { recount } from './recount.ts'
import type { ColumnField } from './schema.ts'

export interface QuickParts {
  imports: ImportModel
  rows: ImportRowModel
  vehicles: VehicleModel
  operators: Operators
  compliance: ComplianceService
  timeZone: string
}

/** Rows that hang together with the mended ones, at most: where there are more, all of the list is checked anew. */
const MOST_ROWS = 500

/**
 * Checks anew the mended rows of a long list, and the rows that name the same vehicles or plates; the others' outcomes
 * cannot have changed. Recording checks every row once more in any case.
 * @param mends the mended rows' cells as they are now
 * @returns false when so many rows hang together that the list must be checked whole, or the policy is another one by
 *   now than it was checked under
 */
export async function quickMend(
  doc: ImportDoc,
  mended: readonly { row: ImportRowDoc; cells: MendDoc['cells'] }[],
  now: Date,
  parts: QuickParts,
): Promise<boolean> {
  const moves = await keptMoves(parts.rows.db, doc._id, parts.compliance)
  if (!(moves instanceof Moves)) return false
  const today = civilDateAt(now, parts.timeZone)
  const plan = new CellPlan(doc.values, doc.defaults)
  const lines = new Map(mended.map(({ row, cells }) => [row.seq, mendedLine(row, cells, plan, today)]))
  const keys = new Set<string>()
  for (const { row } of mended) addKeys(row.values, keys)
  for (const line of lines.values()) addKeys(line.read.values, keys)
  // Once more, for the rows beside those that hang together with the mended ones.
  for (const row of await together(doc, keys, parts)) addKeys(row.values, keys)
  const rows = await together(doc, keys, parts)
  if (rows.length > MOST_ROWS) return false
  const context = { ...contextOf(doc, today, parts), now }
  const before = rows.map((row) => ({ row, line: keptLine(row) }))
  const after = rows.map((row) => ({ row, line: lines.get(row.seq) ?? keptLine(row) }))
  const was = await verdicts(before, context, parts)
  const is = await verdicts(after, context, parts)
  await parts.rows.collection.bulkWrite(
    after.map(({ row, line }) => update(row, line, is.get(row.seq))) as never,
  )
  await updateList(doc, { before, after, was, is }, moves, context, parts)
  return true
}

interface Kept {
  row: ImportRowDoc
  line: Line
}

const addKeys = ({ vin, plate, replaces }: RowValues, keys: Set<string>): void => {
  for (const key of [vin, plate, ...(replaces ?? [])]) if (key !== undefined) keys.add(key)
}

function together(doc: ImportDoc, keys: ReadonlySet<string>, { rows }: QuickParts): Promise<ImportRowDoc[]> {
  const among = { $in: [...keys] }
  return rows.collection
    .find<ImportRowDoc>({
      import: doc._id,
      row: { $gt: 0 },
      $or: [{ 'values.vin': among }, { 'values.plate': among }, { 'values.replaces': among }],
    } as never)
    .limit(MOST_ROWS + 1)
    .toArray()
}

function contextOf(doc: ImportDoc, today: string, { compliance }: QuickParts): ListContext {
  const { mode, scope, operator } = doc
  return { today, periodFrom: compliance.policy.period.from, mode, asOf: doc.asOf ?? today, scope, operator }
}

/** A row as it was read, from what is kept of it. */
const keptLine = ({ seq, sheet, row, values, cells, mended, issues }: ImportRowDoc): Line => ({
  ...{ seq, sheet, row, cells },
  // What reading found stands in the row's issues; what the register says is found anew.
  read: { values, issues: issues.filter((i) => isOfReading(i, values)) },
  ...(mended ? { mended } : {}),
})

/** What could not be read has no value; what was read all the same is warned of. */
const isOfReading = ({ code, field, severity }: Issue, values: RowValues): boolean =>
  READING.test(code) && (severity === 'warning' || field === null || values[field] === undefined)

/** Codes of what reading a row finds, as opposed to what the register says. */
const READING =
  /^(?:plate|vin|category|emission\.unknown|energy|date\.(?:invalid|ambiguous|future)|county|kind\.unknown|reason|packs)/

function mendedLine(row: ImportRowDoc, mend: MendDoc['cells'], plan: CellPlan, today: string): Line {
  const sent: RowCells = { ...row.cells }
  for (const [field, text] of Object.entries(row.mended ?? {})) sent[field as ColumnField] = text
  return lineOf(row.seq, row.sheet, row.row, sent, plan, mend, today)
}

/** What becomes of the rows, taken in the order in which a list's rows are. */
async function verdicts(
  rows: readonly Kept[],
  context: ListContext,
  parts: QuickParts,
): Promise<Map<number, Verdict>> {
  const order = new RowOrder()
  const sorted = [...rows].sort((a, b) => a.row.seq - b.row.seq)
  sorted.forEach(({ line }, i) => {
    order.add(i, line.read.values)
  })
  const values = rows.map((r) => r.line.read.values)
  const register = await loadRegister(parts.vehicles, values, await parts.operators.finder())
  const found = new Map<number, Verdict>()
  let waiting = [...order.days()].flatMap((day) => Array.from(day, (i) => sorted[i]))
  // Twice, as a row may rest on one that comes behind it.
  for (let round = 0; round < 2; round++) {
    const left: typeof waiting = []
    for (const one of waiting) {
      if (!one) continue
      const { read } = one.line
      const checked = checkRow(read, register, context)
      const before = earlierRow(read, checked, register)
      const verdict = before === undefined ? checked : repeats(read, before)
      found.set(one.row.seq, verdict)
      if (records(verdict)) accept(register, ROW + one.row.row, verdict)
      else left.push(one)
    }
    waiting = left.filter((one) => one && found.get(one.row.seq)?.outcome === 'error')
  }
  return found
}

function update(row: ImportRowDoc, line: Line, verdict: Verdict | undefined) {
  if (!verdict) throw new Error('a row was left out')
  const set = {
    ...outcomeOf(verdict),
    cells: line.cells,
    values: line.read.values,
    ...(line.mended ? { mended: line.mended } : {}),
  }
  const gone = ['codes', 'differences', 'touches'].filter((name) => !(name in set))
  const unset = Object.fromEntries(gone.map((name) => [name, '']))
  return {
    updateOne: {
      filter: { _id: row._id },
      update: gone.length > 0 ? { $set: set, $unset: unset } : { $set: set },
    },
  }
}

async function updateList(
  doc: ImportDoc,
  rows: { before: Kept[]; after: Kept[]; was: Map<number, Verdict>; is: Map<number, Verdict> },
  moves: Moves,
  context: ListContext & { now: Date },
  parts: QuickParts,
): Promise<void> {
  const { compliance, imports } = parts
  const gone = new Summary(moves, -1)
  for (const { row, line } of rows.before) noteIn(gone, line, rows.was.get(row.seq))
  const come = new Summary(moves)
  for (const { row, line } of rows.after) noteIn(come, line, rows.is.get(row.seq))
  await keepMoves(parts.rows.db, doc._id, moves)
  const { newOperators, counties, touches } = come.result()
  const set = {
    ...(await recount(parts.rows, doc._id)),
    // What other rows bring stays; what only these brought is taken in again by the next whole check.
    newOperators: [...new Set([...doc.newOperators, ...newOperators])],
    counties: [...new Set([...doc.counties, ...counties])].sort(),
    touches: [...doc.touches, ...touches.filter((t) => !doc.touches.some((d) => d.id === t.id))],
    effects: await compliance.effectsOf(moves, context.now, doc.scope),
    effectsCity: await compliance.effectsOf(moves, context.now),
    status: 'checked',
  }
  await imports.collection.updateOne({ _id: doc._id, status: doc.status }, { $set: set as never })
}

const noteIn = (summary: Summary, line: Line, verdict: Verdict | undefined): void => {
  if (verdict) summary.note(line.read.values, verdict)
}
