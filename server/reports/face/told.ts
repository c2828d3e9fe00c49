import { regionByCode } from '../../domain/regions.ts'
import type { Paper } from './page.ts'

/** "Data complete to …, N operators missing" in one sentence; to an operator, whether it is one of them. */
export function completenessText({
  content,
  format,
  scope,
}: Pick<Paper, 'content' | 'format' | 'scope'>): string {
  const { complete, join, list, stop } = format.words
  const { completeTo, firstGap, expected, month, missing } = content.completeness
  if (scope?.kind === 'operator') {
    const months = missing.flatMap((own) => own.months).map(format.month)
    return months.length > 0 ? complete.ownMissing(months.join(list)) : complete.ownNone
  }
  if (expected === 0 && completeTo === null && missing.length === 0 && firstGap === null)
    return `${complete.nobody(format.month(month))}${stop.trim()}`
  const to = completeTo === null ? complete.none : complete.to(format.day(completeTo))
  const rest =
    missing.length > 0
      ? complete.missing(format.number(missing.length))
      : firstGap !== null
        ? complete.gap(format.month(firstGap.month), format.number(firstGap.missing))
        : expected === 0
          ? complete.nobody(format.month(month))
          : complete.all(format.month(month), format.number(expected))
  return `${to}${join}${rest}${stop.trim()}`
}

/** A county's name as the report itself has it; the registry's where it has none, else its code. */
export function countyName(
  code: string | null,
  { content, format }: Pick<Paper, 'content' | 'format'>,
): string {
  if (code === null) return ''
  const own = content.counties.find((county) => county.code === code)
  if (own) return format.pick(own.name)
  const region = regionByCode(code)
  return region ? format.pick({ zh: region.name, en: region.english }) : code
}
