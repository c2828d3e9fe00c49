import { regionByCode } from '../../domain/regions.ts'
import type { ReportContent } from '../schema.ts'
import type { ReportFormat } from './format.ts'
import type { Paper } from './page.ts'

/** "Data complete to …, N operators missing" in one sentence; to an operator, whether it is one of them. */
export function completenessText({
  content,
  format,
  scope,
}: Pick<Paper, 'content' | 'format' | 'scope'>): string {
  const { complete, join, stop } = format.words
  const { completeTo, firstGap, expected, month, months, missing } = content.completeness
  if (scope?.kind === 'operator') {
    const own = ownMonths({ content, format })
    const said = [
      own.missing && complete.ownMissing(own.missing),
      own.pending && complete.ownPending(own.pending, own.dueOn),
      own.reported && complete.ownDone(own.reported),
    ].filter((text) => text !== '')
    return said.length > 0 ? said.join(format.words.space) : complete.ownNone(own.all)
  }
  if (expected === 0 && completeTo === null && missing.length === 0 && firstGap === null)
    return `${complete.nobody(format.month(month))}${stop.trim()}`
  const to = completeTo === null ? complete.none : complete.to(format.day(completeTo))
  const late =
    missing.length > 0
      ? complete.missing(format.number(missing.length))
      : firstGap !== null
        ? complete.gap(format.month(firstGap.month), format.number(firstGap.missing))
        : ''
  const waiting = months.flatMap(({ month, pending = 0, dueOn = '' }) =>
    pending > 0 ? [complete.pending(format.month(month), format.number(pending), format.day(dueOn))] : [],
  )
  const open = [late, ...waiting].filter((text) => text !== '')
  const rest =
    open.length > 0
      ? open.join(format.words.semicolon)
      : expected === 0
        ? complete.nobody(format.month(month))
        : complete.all(format.month(month), format.number(expected))
  return `${to}${join}${rest}${stop.trim()}`
}

/** The months that a report judges, as they concern an operator: each a list of months in words, '' where there are none. */
export function ownMonths({ content, format }: Pick<Paper, 'content' | 'format'>) {
  const { months, missing } = content.completeness
  const said = (some: readonly string[]) => some.map(format.month).join(format.words.list)
  const those = (of: 'reported' | 'pending') => months.filter((month) => (month[of] ?? 0) > 0)
  return {
    all: said(months.map(({ month }) => month)),
    missing: said(missing.flatMap((own) => own.months)),
    reported: said(those('reported').map(({ month }) => month)),
    pending: said(those('pending').map(({ month }) => month)),
    /** by when the last of those that are not due yet is */
    dueOn: format.day(those('pending').at(-1)?.dueOn ?? content.asOf),
  }
}

/** A county's name as the report itself has it; the registry's where it has none, else its code. */
export function countyName(
  code: string | null,
  { content, format }: { content: Pick<ReportContent, 'counties'>; format: Pick<ReportFormat, 'pick'> },
): string {
  if (code === null) return ''
  const own = content.counties.find((county) => county.code === code)
  if (own) return format.pick(own.name)
  const region = regionByCode(code)
  return region ? format.pick({ zh: region.name, en: region.english }) : code
}
