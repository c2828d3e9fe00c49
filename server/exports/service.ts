import type { Readable } from 'node:stream'
import { setImmediate as othersTurn } from 'node:timers/promises'
import { isLimited } from '../accounts/permissions.ts'
import type { Language } from '../accounts/schema.ts'
import type { ChangeList } from '../changes/list.ts'
import type { ChangeFilter } from '../changes/schema.ts'
import type { EvidenceAsked, EvidenceList } from '../compliance/evidence-list.ts'
import { civilDateAt } from '../domain/civil-date.ts'
import type { Attachment } from '../http/attachment.ts'
import { Problem } from '../http/problem.ts'
import type { Caller } from '../http/route.ts'
import type { Operators } from '../operators/service.ts'
import type { VehicleFilter } from '../vehicles/schema.ts'
import type { VehicleService } from '../vehicles/service.ts'
import { createWording, type Wording } from '../wording/index.ts'
import { aboutLines, type Made } from './about.ts'
import { Columns } from './columns.ts'
import { csvOf } from './csv.ts'
import type { Column, Format, Table } from './table.ts'
import { workbookOf } from './workbook.ts'

export interface ExportParts {
  vehicles: Pick<VehicleService, 'all' | 'momentOf'>
  changes: Pick<ChangeList, 'all' | 'settled'>
  evidence: Pick<EvidenceList, 'all' | 'asked'>
  operators: Operators
  timeZone: string
}

/** Who wants a file, of what kind, in which words. */
export interface Wanted {
  caller: Caller
  now: Date
  format: Format
  language: Language
}

/**
 * Lists as files: everything that the filters let through, in memory that does not grow with it, and with the filters
 * named inside. One at a time for each account.
 */
export class Exports {
  private readonly parts: ExportParts
  private readonly running = new Set<string>()
  private readonly wordings: Record<Language, Wording> = {
    'zh-CN': createWording('zh-CN'),
    en: createWording('en'),
  }

  constructor(parts: ExportParts) {
    this.parts = parts
  }

  /** Vehicles, now or as they were. @throws Problem 409 `export.running` */
  async vehicles(filter: VehicleFilter, wanted: Wanted): Promise<Attachment> {
    const { caller, now } = wanted
    const { asOf, knownAt, ...filters } = filter
    const moment = await this.parts.vehicles.momentOf(filter, now)
    const rows = this.parts.vehicles.all(filter, moment, caller.scope, now)
    // Known at the latest instant, where none is asked for: that is when the file is made.
    const made = { asOf, filters, knownAt: knownAt === undefined ? undefined : moment?.knownAt }
    const title = this.wordings[wanted.language].t('exported.vehicles')
    return this.file(wanted, title, made, rows, (columns) => columns.vehicles())
  }

  /** The ledger as it was known at one instant. @throws Problem 409 `export.running`; 404 `rule.unknown` */
  async changes(filter: ChangeFilter, wanted: Wanted): Promise<Attachment> {
    const { caller, now } = wanted
    const { asOf, knownAt: _, ...filters } = filter
    const moment = await this.parts.changes.settled(filter, now)
    const made = { asOf, filters, knownAt: moment.knownAt }
    const rows = this.parts.changes.all(filter, moment, caller.scope)
    const title = this.wordings[wanted.language].t('exported.changes')
    return this.file(wanted, title, made, rows, (columns) => columns.changes())
  }

  /**
   * The changes behind a figure.
   * @param query narrowed to the caller's scope already
   * @throws Problem 404 `rule.unknown`, 409 `export.running`
   */
  async evidence(ruleId: string, query: EvidenceAsked, wanted: Wanted): Promise<Attachment> {
    const { caller, now, language } = wanted
    const asked = await this.parts.evidence.asked(ruleId, query, now)
    const { rule, asOf, knownAt } = asked
    const { t } = this.wordings[language]
    const name = language === 'en' ? rule.title.en : rule.title.zh
    const { asOf: _a, knownAt: _k, county, operator, ...rest } = query
    // What the caller is limited to anyway is told as the part of the city, not as a filter.
    const filters = {
      ...rest,
      ...(county === caller.scope.county ? {} : { county }),
      ...(operator === caller.scope.operator ? {} : { operator }),
    }
    const more: [string, string][] = [
      [t('exported.rule'), name],
      [t('exported.number'), rule.source],
    ]
    const rows = this.parts.evidence.all(asked, query, caller.scope)
    const title = t('exported.evidence', { rule: name })
    return this.file(wanted, title, { asOf, knownAt, filters, more }, rows, (columns) => columns.evidence())
  }

  /**
   * A file that is made otherwise, one at a time for each account like the others.
   * @throws Problem 409 `export.running`
   */
  alone({ id }: Pick<Caller, 'id'>, filename: string, content: () => Readable): Attachment {
    if (this.running.has(id)) throw new Problem(409, 'export.running')
    this.running.add(id)
    const done = async () => void this.running.delete(id)
    return { filename, content: content(), done }
  }

  /**
   * Any list as a file. Rows are read as the file is fetched.
   * @param made what the file says of itself beside who made it, when and of which part of the city
   * @throws Problem 409 `export.running`
   */
  async file<T>(
    { caller, now, format, language }: Wanted,
    title: string,
    made: Omit<Made, 'by' | 'now' | 'scope'>,
    rows: AsyncIterable<T[]>,
    columnsOf: (columns: Columns) => Column<T>[],
  ): Promise<Attachment> {
    const { running, parts } = this
    if (running.has(caller.id)) throw new Problem(409, 'export.running')
    running.add(caller.id)
    try {
      const names = await parts.operators.names()
      const seen = isLimited(caller.scope) ? await parts.operators.namesSeenBy(caller) : names
      const words = { wording: this.wordings[language], timeZone: parts.timeZone, names }
      const by = { name: caller.name, email: caller.email }
      const about = {
        title: words.wording.t('exported.about'),
        lines: aboutLines({ by, now, scope: caller.scope, ...made }, { ...words, names: seen }),
        rows: words.wording.t('exported.rows'),
      }
      const table: Table<T> = { title, columns: columnsOf(new Columns(words)), rows: inTurns(rows), about }
      const content: Readable = format === 'csv' ? csvOf(table) : workbookOf(table)
      const filename = `${title}-${civilDateAt(now, parts.timeZone)}.${format}`
      const done = async () => void running.delete(caller.id)
      return { filename, content, done }
    } catch (error) {
      running.delete(caller.id)
      throw error
    }
  }
}

/** Rows that are written in one go: the requests that come in meanwhile wait no longer than that takes. */
const AT_ONCE = 25

async function* inTurns<T>(batches: AsyncIterable<T[]>): AsyncIterable<T[]> {
  for await (const batch of batches) {
    for (let from = 0; from < batch.length; from += AT_ONCE) {
      yield batch.slice(from, from + AT_ONCE)
      await othersTurn()
    }
  }
}
