import type { Language } from '../accounts/schema.ts'
import type { Made } from '../exports/about.ts'
import type { Columns } from '../exports/columns.ts'
import type { Exports, Wanted } from '../exports/service.ts'
import type { Attachment } from '../http/attachment.ts'
import { createWording, type Wording } from '../wording/index.ts'
import type { OldTrucks } from './old-trucks.ts'
import type { DueListFilter, DueQuery, OldTruckFilter } from './schema.ts'
import type { DueService } from './service.ts'

interface Parts {
  due: DueService
  oldTrucks: OldTrucks
  exports: Exports
}

/** What is due as files. Places are the caller's already. */
export class DueFiles {
  private readonly parts: Parts
  private readonly wordings: Record<Language, Wording> = {
    'zh-CN': createWording('zh-CN'),
    en: createWording('en'),
  }

  constructor(parts: Parts) {
    this.parts = parts
  }

  /** The counts by month, county or operator. @throws Problem 409 `export.running` */
  async summary(query: DueQuery, wanted: Wanted): Promise<Attachment> {
    const { due, exports } = this.parts
    const { t } = this.wordings[wanted.language]
    const { items, until } = await due.summary(query, wanted.now)
    const head = query.by === 'month' ? t('exported.column.month') : t(`field.${query.by}`)
    const made = {
      filters: filtersOf(query, wanted),
      more: [[t('exported.dueUntil'), until]],
    } satisfies About
    const rows = (async function* () {
      yield items
    })()
    return exports.file(wanted, t('exported.dueParts'), made, rows, (columns: Columns) =>
      columns.dueParts(head),
    )
  }

  /** The vehicles. @throws Problem 409 `export.running` */
  async vehicles(filter: DueListFilter, wanted: Wanted): Promise<Attachment> {
    const { due, exports } = this.parts
    const { t } = this.wordings[wanted.language]
    const yes = t('exported.filter.yes')
    const until = filter.until ?? due.until()
    const more: [string, string][] = [
      ...(filter.undetermined ? [] : [[t('exported.dueUntil'), until] as [string, string]]),
      ...(filter.month ? [[t('exported.dueMonth'), filter.month] as [string, string]] : []),
      ...(filter.overdue === undefined
        ? []
        : [[t('exported.dueOverdue'), filter.overdue ? yes : t('exported.dueNotYet')] as [string, string]]),
      ...(filter.undetermined ? [[t('exported.dueUndetermined'), yes] as [string, string]] : []),
    ]
    const made = { filters: filtersOf(filter, wanted), more }
    const rows = due.all(filter, wanted.now)
    return exports.file(wanted, t('exported.due'), made, rows, (columns: Columns) => columns.due())
  }

  /** The old trucks. @throws Problem 409 `export.running` */
  async oldTrucks(filter: OldTruckFilter, wanted: Wanted): Promise<Attachment> {
    const { oldTrucks, exports } = this.parts
    const { t } = this.wordings[wanted.language]
    const made = { filters: filtersOf(filter, wanted) }
    const rows = oldTrucks.all(filter, wanted.now)
    return exports.file(wanted, t('exported.oldTrucks'), made, rows, (columns: Columns) => columns.due())
  }
}

type About = Pick<Made, 'filters' | 'more'>

/** What the caller is limited to anyway is told as the part of the city, not as a filter. */
function filtersOf(query: Partial<DueListFilter>, { caller }: Wanted): Made['filters'] {
  const { category, energy, county, operator } = query
  return {
    ...{ category, energy },
    ...(county === caller.scope.county ? {} : { county }),
    ...(operator === caller.scope.operator ? {} : { operator }),
  }
}
