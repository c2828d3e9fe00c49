import type { Language } from '../accounts/schema.ts'
import type { Made } from '../exports/about.ts'
import type { Exports, Wanted } from '../exports/service.ts'
import type { Attachment } from '../http/attachment.ts'
import { createWording, type Wording } from '../wording/index.ts'
import { doubtfulColumns, lateColumns, operatorColumns } from './columns.ts'
import type { MissingFacts } from './missing.ts'
import type { MissingFilter, QualityFilter } from './schema.ts'
import type { QualityService } from './service.ts'

interface Parts {
  quality: QualityService
  missing: MissingFacts
  exports: Exports
}

/** The quality of reporting as files. Places are the caller's already. */
export class QualityFiles {
  private readonly parts: Parts
  private readonly wordings: Record<Language, Wording> = {
    'zh-CN': createWording('zh-CN'),
    en: createWording('en'),
  }

  constructor(parts: Parts) {
    this.parts = parts
  }

  /** The operators with their scores. @throws Problem 409 `export.running` */
  async operators(query: QualityFilter, wanted: Wanted): Promise<Attachment> {
    const { quality, exports } = this.parts
    const wording = this.wordings[wanted.language]
    const { items, reportingDays, ...span } = await quality.all(query, wanted.now)
    const made = { filters: placeOf(query, wanted), more: aboutMonths(span, reportingDays, wording) }
    const rows = (async function* () {
      yield items
    })()
    const columns = () => operatorColumns(wording, query.county !== undefined)
    return exports.file(wanted, wording.t('quality.list'), made, rows, columns)
  }

  /** The late changes. @throws Problem 409 `export.running` */
  async late(query: QualityFilter, wanted: Wanted): Promise<Attachment> {
    const { quality, exports } = this.parts
    const { caller, now, language } = wanted
    const wording = this.wordings[language]
    const { reportingDays } = await quality.known(now)
    const more = aboutMonths(quality.span(query, now), reportingDays, wording)
    const made = { filters: placeOf(query, wanted), more }
    const rows = quality.allLate(query, caller.scope, now)
    return exports.file(wanted, wording.t('quality.late'), made, rows, (c) => lateColumns(c, wording))
  }

  /** The entries with something doubtful. @throws Problem 409 `export.running` */
  async doubtful(query: Place, wanted: Wanted): Promise<Attachment> {
    const { quality, exports } = this.parts
    const { caller, now, language } = wanted
    const wording = this.wordings[language]
    const made = { filters: placeOf(query, wanted) }
    const rows = quality.allDoubtful(query, caller.scope, now)
    return exports.file(wanted, wording.t('quality.warnings'), made, rows, (c) => doubtfulColumns(c, wording))
  }

  /** The vehicles of which a fact is missing. @throws Problem 409 `export.running` */
  async missing(query: MissingFilter, wanted: Wanted): Promise<Attachment> {
    const { missing, exports } = this.parts
    const title = this.wordings[wanted.language].t(`quality.missing.${query.fact}`)
    const made = { filters: placeOf(query, wanted) }
    const rows = missing.all(query, wanted.caller.scope)
    return exports.file(wanted, title, made, rows, (columns) => columns.vehicles())
  }
}

type Place = { county?: string | undefined; operator?: string | undefined }

/** What the caller is limited to anyway is told as the part of the city, not as a filter. */
const placeOf = ({ county, operator }: Place, { caller: { scope } }: Wanted): Made['filters'] => ({
  ...(county === scope.county ? {} : { county }),
  ...(operator === scope.operator ? {} : { operator }),
})

const aboutMonths = (
  { from, to }: { from: string; to: string },
  reportingDays: number,
  { t }: Wording,
): [string, string][] => [
  [t('quality.months'), t('quality.monthsText', { from, to })],
  [t('quality.days'), t('quality.daysText', { n: reportingDays })],
]
