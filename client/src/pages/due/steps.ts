import type { Due, DuePart } from '../../../../server/due/schema.ts'
import { monthAfter, monthOf } from '../../components/month.ts'

/** What is counted under one bar of the chart, or in one line of the table by month. */
export interface Step {
  /** null: before today, whatever the month */
  month: string | null
  total: number
  categories: { category: DuePart['categories'][number]['category']; total: number }[]
}

/**
 * The due vehicles by month, from today on: first all that are overdue, then each month to the last day that is asked
 * about, of the present month those that are yet to come.
 */
export function stepsOf({ items, today, until, overdue, categories }: Due): Step[] {
  const months = new Map(items.map((item) => [item.key, item]))
  const steps: Step[] = []
  if (overdue > 0)
    steps.push({
      ...{ month: null, total: overdue },
      categories: categories.map(({ category, overdue }) => ({ category, total: overdue })),
    })
  for (let month = monthOf(today); month <= monthOf(until); month = monthAfter(month, 1)) {
    const item = months.get(month)
    steps.push({
      ...{ month, total: (item?.total ?? 0) - (item?.overdue ?? 0) },
      categories:
        item?.categories.map(({ category, total, overdue }) => ({ category, total: total - overdue })) ?? [],
    })
  }
  return steps
}
