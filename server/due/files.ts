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
    const lines: [string, string | undefined][] = [
      [t('exported.dueUntil'), filter.undetermined ? undefined : (filter.until ?? due.until())],
      [t('exported.dueMonth'), filter.month],
      [t('exported.dueOverdue'), yesOrNo(filter.overdue, t)],
      [t('exported.dueUndetermined'), filter.undetermined ? t('exported.filter.yes') : undefined],
    ]
    const more = lines.flatMap(([name, value]): [string, string][] => (value ? [[name, value]] : []))
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

const yesOrNo = (value: boolean | undefined, t: Wording['t']): string | undefined =>
  value === undefined ? undefined : t(value ? 'exported.filter.yes' : 'exported.dueNotYet')

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
