/** What stands in a report's workbook, sheet by sheet. */
import type { RuleFigure } from '../../compliance/schema.ts'
import type { OutCell } from '../../imports/writing/xlsx/cells.ts'
import type { MovementPart, Outline } from '../schema.ts'
import { expectedOf, type RuleLine, ruleLines } from './lines.ts'
import type { Paper } from './page.ts'
import { completenessText, countyName } from './told.ts'

/** A column of a sheet of rows of some kind. */
interface Column<T> {
  head: string
  /** in characters */
  width: number
  /** how a number looks; a whole one, or a text, unless told */
  kind?: 'percent' | 'count' | 'decimal'
  value: (row: T) => OutCell['value']
}

/** A sheet as it is written: its columns, and a value for each in each row. */
export interface Sheet {
  name: string
  columns: Omit<Column<never>, 'value'>[]
  rows: OutCell['value'][][]
}

const sheetOf = <T>(name: string, columns: Column<T>[], rows: readonly T[]): Sheet => ({
  name,
  columns,
  rows: rows.map((row) => columns.map(({ value }) => value(row))),
})

type Told = Omit<Paper, 'numbers'>

/** A percentage as a spreadsheet has it, still cut after one decimal; null without data. */
const fraction = (percent: number | null): number | null => (percent === null ? null : percent / 100)
/** A rule's value where it is a share, and where it is none. */
const shareOf = (unit: RuleFigure['unit'], value: number | null) =>
  unit === 'percent' ? fraction(value) : null

/** All sheets but the one that says what the report is. Those that would be empty are left out, but for the first. */
export function sheetsOf(told: Told): Sheet[] {
  const sheets = [figureSheet(told), countySheet(told), movedSheet(told), courseSheet(told)]
  const others = [monthSheet(told), missingSheet(told), exceptionSheet(told)]
  return [...sheets, ...others].filter((sheet, i) => i === 0 || sheet.rows.length > 0)
}

const text = <T>(head: string, width: number, value: (row: T) => string | null): Column<T> => ({
  ...{ head, width, value },
})
const amount = <T>(
  head: string,
  value: (row: T) => number | null,
  kind: Column<T>['kind'] = 'count',
): Column<T> => ({ head, width: Math.max(11, head.length * 1.7), kind, value })

function figureSheet({ content, format }: Told): Sheet {
  const { columns: c, cells, sheets } = format.words
  const { targets, others } = ruleLines(content, format)
  const columns: Column<RuleLine>[] = [
    amount(c.no, ({ number }) => number),
    text(c.measure, 30, ({ title }) => title),
    text(cells.unit, 8, ({ rule }) => format.wording.label('unit', rule.unit)),
    amount(cells.numerator, ({ rule }) => rule.numerator),
    amount(cells.denominator, ({ rule }) => rule.denominator),
    amount(cells.share, ({ rule }) => shareOf(rule.unit, rule.value), 'percent'),
    amount(`${c.target} (%)`, ({ rule }) => shareOf(rule.unit, rule.target), 'percent'),
    amount(c.target, ({ rule }) => (rule.unit === 'percent' ? null : rule.target)),
    amount(c.expected, ({ rule }) => expectedOf(rule)),
    text(c.status, 12, ({ status }) => status),
    amount(cells.needed, ({ rule }) => rule.needed),
    amount(cells.perMonth, ({ rule }) => rule.requiredPerMonth, 'decimal'),
    amount(cells.low, ({ rule }) => rule.forecast?.low ?? null, 'decimal'),
    amount(cells.high, ({ rule }) => rule.forecast?.high ?? null, 'decimal'),
    amount(cells.undetermined, ({ rule }) => rule.undetermined),
    amount(c.yearBefore, ({ rule }) => fraction(rule.yearBefore), 'percent'),
  ]
  return sheetOf(sheets.figures, columns, [...targets, ...others])
}

/** A row for each county and one for the city, with the targets beside each other. */
function countySheet({ content, format, scope }: Told): Sheet {
  const { columns: c, cells, sheets, total } = format.words
  const { targets } = ruleLines(content, format)
  type Row = { key: string | null; name: string }
  const partOf = (rule: RuleFigure, { key }: Row) =>
    key === null ? rule : rule.breakdown.county.find((part) => part.key === key)
  const columns = targets.flatMap(({ rule, number, title }): Column<Row>[] => {
    const head = (what: string) => `${number}. ${title}·${what}`
    const counted = amount<Row>(head(cells.numerator), (row) => partOf(rule, row)?.numerator ?? 0)
    if (rule.denominator === null) return [counted]
    return [
      counted,
      amount(head(cells.denominator), (row) => partOf(rule, row)?.denominator ?? 0),
      amount(head(cells.share), (row) => fraction(partOf(rule, row)?.value ?? null), 'percent'),
    ]
  })
  const names = content.counties.map(({ code, name }): Row => ({ key: code, name: format.pick(name) }))
  return sheetOf(
    sheets.counties,
    [text<Row>(c.county, 16, ({ name }) => name), ...columns.map((column) => ({ ...column, width: 16 }))],
    scope || targets.length === 0 ? [] : [...names, { key: null, name: total }],
  )
}

type Moved = Paper['content']['moved'][number]

function movedSheet({ content, format }: Told): Sheet {
  const { columns: c, cells, sheets } = format.words
  const ruleOf = ({ rule }: Moved) => content.figures.rules.find(({ id }) => id === rule)
  const outline = (name: (head: string) => string, of: (row: Moved) => Outline | null): Column<Moved>[] => [
    amount(name(cells.numerator), (row) => of(row)?.numerator ?? null),
    amount(name(cells.denominator), (row) => of(row)?.denominator ?? null),
    amount(
      name(cells.share),
      (row) => shareOf(ruleOf(row)?.unit ?? 'vehicles', of(row)?.value ?? null),
      'percent',
    ),
    text(name(c.status), 12, (row) => {
      const status = of(row)?.status
      return status === undefined ? null : format.wording.label('assessment', status)
    }),
  ]
  const cause = (name: string, of: (row: Moved) => MovementPart): Column<Moved>[] => [
    amount(cells.part(name, cells.numerator), (row) => of(row).numerator),
    amount(cells.part(name, cells.denominator), (row) => of(row).denominator),
  ]
  const columns: Column<Moved>[] = [
    text(c.measure, 30, (row) => format.pick(ruleOf(row)?.title ?? { zh: row.rule, en: row.rule })),
    ...outline(cells.before, ({ before }) => before),
    ...outline(cells.now, ({ after }) => after),
    ...cause(c.happened, ({ because }) => because.happened),
    ...cause(c.late, ({ because }) => because.late),
    ...cause(c.corrected, ({ because }) => because.corrected),
    ...cause(c.policy, ({ because }) => because.policy),
  ]
  return sheetOf(sheets.moved, columns, content.moved)
}

/** The numbers behind the lines: each rule's at each month's end. */
function courseSheet({ content, format }: Told) {
  const { columns: c, cells, sheets } = format.words
  const rows = content.figures.rules.flatMap((rule) => {
    const course = content.courses.find((one) => one.rule === rule.id)
    return (course?.points ?? []).map((point) => ({ rule, point }))
  })
  type Row = (typeof rows)[number]
  const columns: Column<Row>[] = [
    text(c.measure, 30, ({ rule }) => format.pick(rule.title)),
    text(c.month, 10, ({ point }) => point.month),
    { head: cells.monthEnd, width: 12, value: ({ point }) => ({ date: point.on }) },
    amount(cells.numerator, ({ point }) => point.numerator),
    amount(cells.denominator, ({ point }) => point.denominator),
    amount(cells.share, ({ rule, point }) => shareOf(rule.unit, point.value), 'percent'),
    amount(`${cells.required} (%)`, ({ rule, point }) => shareOf(rule.unit, point.required), 'percent'),
    amount(cells.required, ({ rule, point }) => (rule.unit === 'percent' ? null : point.required), 'decimal'),
  ]
  return sheetOf(sheets.courses, columns, rows)
}

/** How many had to report for each month of the report, and did. */
function monthSheet({ content, format, scope }: Told) {
  const { sheets, complete } = format.words
  // Of an operator's own months the next sheet says all.
  const rows = scope?.kind === 'operator' ? [] : content.completeness.months
  type Row = (typeof rows)[number]
  const columns: Column<Row>[] = [
    text(complete.month, 12, ({ month }) => month),
    amount(complete.expected, ({ expected }) => expected),
    amount(complete.reported, ({ reported }) => reported),
    ...(rows.some(({ pending = 0 }) => pending > 0)
      ? [amount<Row>(complete.notDue, ({ pending = 0 }) => pending)]
      : []),
    amount(complete.lacking, ({ missing }) => missing),
  ]
  return sheetOf(sheets.reporting, columns, rows)
}

function missingSheet(told: Told) {
  const { content, format } = told
  const { columns: c, cells, complete } = format.words
  const rows = content.completeness.missing
  type Row = (typeof rows)[number]
  const columns: Column<Row>[] = [
    text(c.operator, 36, ({ name }) => name),
    text(c.county, 14, ({ county }) => countyName(county, told)),
    text(complete.which, 26, ({ months }) => months.join(format.words.list)),
    text(cells.operatorId, 28, ({ id }) => id),
  ]
  return sheetOf(complete.list, columns, rows)
}

function exceptionSheet(told: Told) {
  const { content, format } = told
  const { columns: c, cells, sheets, reasons } = format.words
  const rows = content.exceptions.items
  type Row = (typeof rows)[number]
  const titles = new Map(content.figures.rules.map(({ id, title }) => [id, format.pick(title)]))
  const columns: Column<Row>[] = [
    text(c.reason, 20, ({ reason }) => reasons[reason]),
    { head: c.on, width: 12, value: ({ on }) => ({ date: on }) },
    text(c.plate, 12, ({ plate }) => plate),
    text(c.vin, 21, ({ vin }) => vin),
    text(c.operator, 34, ({ operator }) => operator.name),
    text(c.county, 14, ({ county }) => countyName(county, told)),
    text(c.measure, 26, ({ rule }) => (rule === null ? null : (titles.get(rule) ?? rule))),
    amount(cells.days, ({ days }) => days),
    text(cells.note, 40, ({ note }) => note),
  ]
  return sheetOf(sheets.exceptions, columns, rows)
}

/** What the workbook is: lines of a name and what it says. */
export function aboutLines(told: Told, digest: string): [string, string | number][] {
  const { content, format, scope, link } = told
  const { words } = format
  const { about } = words
  const city = format.pick(content.city.name)
  const { title, number, version } = content.policy
  return [
    [about.title, words.title(city, words.kinds[content.kind])],
    [about.number, content.number],
    [about.short, content.shortNumber],
    [about.period, words.span(format.period(content.period), `${content.from}—${content.asOf}`)],
    [about.scope, scope ? words.extract(scope.name) : city],
    [about.made, format.instant(content.createdAt)],
    [about.asOf, content.asOf],
    [about.known, format.instant(content.knownAt)],
    [about.policy, `${format.pick(title)} (${number})`],
    [about.version, version],
    [about.digest, digest],
    ...(content.standsFor.length > 1
      ? [[about.standsFor, content.standsFor.map(format.period).join(words.list)] as [string, string]]
      : []),
    [about.complete, completenessText(told)],
    [about.check, link(`/check/${encodeURIComponent(content.shortNumber)}`)],
    [about.rounding, words.basis.rounding],
  ]
}
