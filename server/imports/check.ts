import type { Connection } from 'mongoose'
import { liesWithin, type Scope } from '../accounts/permissions.ts'
import type { ComplianceService } from '../compliance/service.ts'
import type { ChangeDraft } from '../domain/change.ts'
import { type CheckContext, type Checked, checkChange } from '../domain/check-change.ts'
import { hasError, type Issue, issue } from '../domain/issue.ts'
import { readRow } from '../domain/read-row.ts'
import type { WorkingRegister } from '../domain/register.ts'
import type { ReadRow } from '../domain/row.ts'
import type { Kind } from '../domain/vocabulary.ts'
import type { Operators } from '../operators/service.ts'
import type { VehicleModel } from '../vehicles/model.ts'
import { loadRegister } from '../vehicles/register-loader.ts'
import { type ImportDoc, type ImportRowDoc, type ImportRowModel, noCounts, rowId } from './model.ts'
import type { List } from './reading/index.ts'

export interface CheckParts {
  connection: Connection
  rows: ImportRowModel
  vehicles: VehicleModel
  operators: Operators
  compliance: ComplianceService
}

interface Line {
  row: number
  read: ReadRow
  cells: Record<string, string>
}

const BATCH = 1000
/** On one day a vehicle comes in before it is handed on, and is handed on before it leaves. */
const RANK: Record<Kind, number> = {
  stock: 0,
  added: 1,
  replaced: 2,
  transferred: 3,
  'battery-swap': 4,
  retired: 5,
}

/**
 * Checks every row of a list against the register and those before it, and keeps what came out, row by row.
 * Rows are taken in the order of their dates, so that a list may name a vehicle before the row that brings it.
 * @param report told how many rows are done; may throw to stop
 * @returns what the import's document says of it
 */
export async function checkList(
  doc: ImportDoc,
  list: List,
  context: CheckContext & { now: Date },
  parts: CheckParts,
  report: (done: number, total: number) => Promise<void>,
): Promise<Pick<ImportDoc, 'counts' | 'codes' | 'effects' | 'newOperators'>> {
  const lines = readLines(list, context)
  lines.sort(inOrder)
  await parts.rows.collection.deleteMany({ import: doc._id })
  const register = await loadRegister(
    parts.vehicles,
    lines.map((l) => l.read.values),
    await parts.operators.finder(),
  )
  const summary = new Summary()
  let place = 0
  let batch: ImportRowDoc[] = []
  const flush = async () => {
    if (batch.length > 0) await parts.rows.collection.insertMany(batch as never, { ordered: false })
    batch = []
    await report(place, lines.length)
  }
  for (const { line, checked } of inAcceptance(lines, register, summary.keys, {
    ...context,
    scope: doc.scope,
  })) {
    summary.note(line, checked)
    batch.push(rowDoc(doc, line, place++, checked))
    if (batch.length >= BATCH) await flush()
  }
  await flush()
  const effects = await parts.compliance.effects(summary.drafts, context.now, 1, doc.scope)
  return {
    counts: summary.counts,
    codes: summary.codeList(),
    effects,
    newOperators: [...summary.newOperators],
  }
}

function readLines(list: List, context: CheckContext): Line[] {
  const lines: Line[] = []
  for (const { row, cells } of list.rows()) {
    const shown = Object.entries(cells).map(([field, cell]) => [field, cellText(cell)] as const)
    lines.push({
      row,
      read: readRow(cells, { today: context.today }),
      cells: Object.fromEntries(shown.filter(([, text]) => text !== '')),
    })
  }
  return lines
}

const cellText = (cell: unknown): string =>
  cell === null || cell === undefined
    ? ''
    : cell instanceof Date
      ? cell.toISOString().slice(0, 10)
      : String(cell).slice(0, 200)

function inOrder(a: Line, b: Line): number {
  const left = a.read.values
  const right = b.read.values
  const rank = (kind: Kind | undefined) => (kind ? RANK[kind] : 9)
  // Stock was there before everything else, whatever its date.
  const stock = Number(right.kind === 'stock') - Number(left.kind === 'stock')
  const date = (left.on ?? '').localeCompare(right.on ?? '')
  return stock || date || rank(left.kind) - rank(right.kind) || a.row - b.row
}

/** Findings that another row of the same day may put right, such as the one that frees a plate. */
const MAY_PASS = new Set(['vehicle.conflict', 'vehicle.not-found', 'replaced.not-found', 'date.before-entry'])

/** Checks rows day by day, those that depend on another of their day after it. */
function* inAcceptance(
  lines: Line[],
  register: WorkingRegister,
  keys: Map<string, number>,
  context: ListContext,
) {
  for (const day of byDay(lines)) {
    for (let waiting = day; waiting.length > 0; ) {
      const held: { line: Line; checked: Checked }[] = []
      for (const line of waiting) {
        const checked = checkLine(line, register, keys, context)
        if (checked.issues.some((i) => MAY_PASS.has(i.code))) held.push({ line, checked })
        else yield { line, checked }
      }
      // Another round only if this one has let anything in.
      if (held.length === waiting.length) {
        yield* held
        break
      }
      waiting = held.map((h) => h.line)
    }
  }
}

/** Neighbouring lines of one day. */
function* byDay(lines: Line[]): Iterable<Line[]> {
  const dayOf = ({ read: { values } }: Line) => (values.kind === 'stock' ? 'stock' : (values.on ?? ''))
  let start = 0
  for (let end = 1; end <= lines.length; end++) {
    const [first, next] = [lines[start], lines[end]]
    if (first && next && dayOf(first) === dayOf(next)) continue
    yield lines.slice(start, end)
    start = end
  }
}

/** What the check of a list needs to know beside the register. */
export interface ListContext extends CheckContext {
  /** the part of the city to which the list's sender is limited */
  scope: Scope | undefined
}

/** Checks a row; a change that reaches beyond the sender's part of the city is an error, whatever else it is. */
export function checkWithin(row: ReadRow, register: WorkingRegister, context: ListContext): Checked {
  const checked = checkChange(row, register, context)
  const { scope } = context
  if (checked.outcome !== 'new' || !scope || liesWithin(checked.draft, scope)) return checked
  const { county = '', operator = '' } = row.values
  const foreign =
    scope.operator === undefined
      ? issue('county.unknown', 'county', { value: county })
      : issue('operator.unknown', 'operator', { value: operator })
  return { outcome: 'error', issues: [...checked.issues.filter((i) => i.code !== 'operator.new'), foreign] }
}

const ROW = 'row:'

function checkLine(
  line: Line,
  register: WorkingRegister,
  keys: Map<string, number>,
  context: ListContext,
): Checked {
  const { vin, plate, kind, on } = line.read.values
  const key = kind && (vin ?? plate) ? `${vin ?? plate}|${kind}|${on ?? ''}` : undefined
  const before = key === undefined ? undefined : keys.get(key)
  if (before !== undefined && !hasError(line.read.issues)) return duplicateOf(String(before), line)
  const checked = checkWithin(line.read, register, context)
  // The same change under another name of the vehicle: by its VIN in one row, by its plate in the other.
  if (checked.outcome === 'unchanged' && checked.change.startsWith(ROW))
    return duplicateOf(checked.change.slice(ROW.length), line)
  if (checked.outcome !== 'error' && key !== undefined) keys.set(key, line.row)
  if (checked.outcome === 'new') register.accept(`${ROW}${line.row}`, checked.draft)
  return checked
}

const duplicateOf = (row: string, line: Line): Checked => ({
  outcome: 'error',
  issues: [...line.read.issues, issue('duplicate.in-file', 'vin', { row })],
})

function rowDoc(doc: ImportDoc, line: Line, place: number, checked: Checked): ImportRowDoc {
  const codes = codesOf(checked.issues)
  return {
    _id: rowId(doc._id, place),
    import: doc._id,
    row: line.row,
    outcome: checked.outcome,
    codes,
    issues: [...checked.issues].sort((a, b) =>
      a.severity === b.severity ? 0 : a.severity === 'error' ? -1 : 1,
    ),
    cells: line.cells,
    values: line.read.values,
  }
}

/** The codes of a row's issues, once each, and `warning` when there is one. */
export function codesOf(issues: readonly Issue[]): string[] {
  const codes = new Set<string>(issues.map((i) => i.code))
  if (issues.some((i) => i.severity === 'warning')) codes.add('warning')
  return [...codes]
}

/** Adds up what the rows come to. */
class Summary {
  readonly counts = noCounts()
  readonly drafts: ChangeDraft[] = []
  readonly newOperators = new Set<string>()
  readonly keys = new Map<string, number>()
  private readonly codes = new Map<string, number>()

  note(line: Line, checked: Checked): void {
    this.counts.total++
    this.counts[checked.outcome]++
    for (const code of codesOf(checked.issues)) {
      if (code === 'warning') this.counts.warning++
      else this.codes.set(code, (this.codes.get(code) ?? 0) + 1)
    }
    if (checked.outcome === 'new') {
      this.drafts.push(checked.draft)
      const { operator, toOperator } = line.read.values
      const name = checked.draft.kind === 'transferred' ? (toOperator ?? operator) : operator
      if (name && checked.issues.some((i) => i.code === 'operator.new')) this.newOperators.add(name)
    }
  }

  codeList(): { code: string; rows: number }[] {
    return [...this.codes].map(([code, rows]) => ({ code, rows })).sort((a, b) => b.rows - a.rows)
  }
}
