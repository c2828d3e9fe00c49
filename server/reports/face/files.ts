import { Readable } from 'node:stream'
import type { Scope } from '../../accounts/permissions.ts'
import type { Language } from '../../accounts/schema.ts'
import { regionByCode } from '../../domain/regions.ts'
import type { Exports } from '../../exports/service.ts'
import type { Attachment } from '../../http/attachment.ts'
import type { Caller } from '../../http/route.ts'
import type { Operators } from '../../operators/service.ts'
import { digestFor } from '../digest.ts'
import type { ReportDoc } from '../model.ts'
import type { ReportService } from '../service.ts'
import type { PaperScope, RenderOptions } from './page.ts'

interface Parts {
  reports: Pick<ReportService, 'get' | 'contentFor'>
  operators: Pick<Operators, 'namesOf'>
  exports: Pick<Exports, 'alone'>
  /** under which people reach the service */
  address: () => string
  timeZone: string
}

/** Who wants a report, in which words. */
export interface PaperWanted {
  caller: Pick<Caller, 'id' | 'scope'>
  language: Language
  now: Date
}

/** So many papers are kept for whoever asks for one again: a frozen report is always the same. */
const KEPT = 8

/** Reports as a page and as files, each as far as its reader's part of the city goes. */
export class ReportFiles {
  private readonly parts: Parts
  /** by report, language, part of the city and address, the latest last */
  private readonly kept = new Map<string, Promise<string>>()

  constructor(parts: Parts) {
    this.parts = parts
  }

  /** The paper as an HTML document. @throws Problem 404 */
  async page(id: string, wanted: PaperWanted): Promise<{ number: string; html: string }> {
    const report = await this.parts.reports.get(id)
    const { county, operator } = wanted.caller.scope
    const key = JSON.stringify([id, wanted.language, county, operator, this.parts.address()])
    const html = this.kept.get(key) ?? this.render(report, wanted)
    this.kept.delete(key)
    this.kept.set(key, html)
    for (const oldest of this.kept.keys()) if (this.kept.size > KEPT) this.kept.delete(oldest)
    html.catch(() => this.kept.delete(key))
    return { number: report.number, html: await html }
  }

  /** The same as a file. @throws Problem 404 */
  async html(id: string, wanted: PaperWanted): Promise<Attachment> {
    const { number, html } = await this.page(id, wanted)
    const content = Buffer.from(html)
    return { filename: `${number}.html`, content: Readable.from([content]), size: content.length }
  }

  /** Its figures as .xlsx. @throws Problem 404; 409 `export.running` */
  async xlsx(id: string, wanted: PaperWanted): Promise<Attachment> {
    const { reports, exports } = this.parts
    const report = await reports.get(id)
    const content = await reports.contentFor(report, wanted.caller.scope, wanted.now)
    const options = await this.optionsFor(wanted)
    const { reportWorkbook } = await import('./workbook.ts')
    return exports.alone(wanted.caller, `${report.number}.xlsx`, () =>
      reportWorkbook({ content, digest: digestFor(report.digest, wanted.caller.scope) }, options),
    )
  }

  /** What draws is loaded when there is something to draw. */
  private async render(report: ReportDoc, wanted: PaperWanted): Promise<string> {
    const content = await this.parts.reports.contentFor(report, wanted.caller.scope, wanted.now)
    const options = await this.optionsFor(wanted)
    const { renderReport } = await import('./render.ts')
    return renderReport({ content, digest: digestFor(report.digest, wanted.caller.scope) }, options)
  }

  private async optionsFor({ caller, language }: PaperWanted): Promise<RenderOptions> {
    const { address, timeZone } = this.parts
    return { language, timeZone, publicUrl: address(), scope: await this.scopeOf(caller.scope, language) }
  }

  /** An account's part of the city, by name; null for all of it. */
  private async scopeOf({ county, operator }: Scope, language: Language): Promise<PaperScope | null> {
    if (operator !== undefined) {
      const names = await this.parts.operators.namesOf([operator])
      return { kind: 'operator', name: names.get(operator) ?? operator }
    }
    if (county === undefined) return null
    const region = regionByCode(county)
    const name = language === 'en' ? region?.english : region?.name
    return { kind: 'county', name: name ?? county }
  }
}
