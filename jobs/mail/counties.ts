import type { Part, RuleFigure } from '../../server/compliance/schema.ts'
import type { Format } from './format.ts'

/** The targets by county: a column each, headed by its number. */
export interface CountyTable {
  columns: { number: number; title: string }[]
  rows: { name: string; cells: string[] }[]
  total: string[]
}

/** @returns null while no county has anything to show */
export function countyTable(rules: RuleFigure[], format: Format): CountyTable | null {
  const names = new Map<string, Part['label']>()
  for (const rule of rules) for (const part of rule.breakdown.county) names.set(part.key, part.label)
  if (names.size === 0) return null
  const rows = [...names]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, label]) => ({
      name: format.pick(label),
      cells: rules.map((rule) =>
        cell(
          rule.breakdown.county.find((part) => part.key === key),
          format,
        ),
      ),
    }))
  return {
    columns: rules.map((rule, i) => ({ number: i + 1, title: format.pick(rule.title) })),
    rows,
    total: rules.map((rule) => cell(rule, format)),
  }
}

/** Amounts that add up: a count, or new-energy and all of a share. */
function cell(part: Pick<Part, 'numerator' | 'denominator'> | undefined, { number }: Format): string {
  if (!part || (part.numerator === 0 && (part.denominator ?? 0) === 0)) return '–'
  return part.denominator === null
    ? number(part.numerator)
    : `${number(part.numerator)}/${number(part.denominator)}`
}
