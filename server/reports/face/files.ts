import { Readable } from 'node:stream'
import type { Language } from '../../accounts/schema.ts'
import type { Exports } from '../../exports/service.ts'
import type { Attachment } from '../../http/attachment.ts'
import type { Caller } from '../../http/route.ts'
import type { Operators } from '../../operators/service.ts'
import type { ReportDoc } from '../model.ts'
import type { ReportContent } from '../schema.ts'
import type { ReportService } from '../service.ts'
import type { PaperScope, RenderOptions } from './page.ts'
import { countyName } from './told.ts'

interface Parts {
  reports: Pick<ReportService, 'get' | 'paperFor'>
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
    const paper = await reports.paperFor(report, wanted.caller.scope, wanted.now)
    const options = await this.optionsFor(wanted, paper.content)
    const { reportWorkbook } = await import('./workbook.ts')
    return exports.alone(wanted.caller, `${report.number}.xlsx`, () => reportWorkbook(paper, options))
  }

  /** What draws is loaded when there is something to draw. */
  private async render(report: ReportDoc, wanted: PaperWanted): Promise<string> {
    const paper = await this.parts.reports.paperFor(report, wanted.caller.scope, wanted.now)
    const options = await this.optionsFor(wanted, paper.content)
    const { renderReport } = await import('./render.ts')
    return renderReport(paper, options)
  }

  private async optionsFor(wanted: PaperWanted, content: ReportContent): Promise<RenderOptions> {
    const { address, timeZone } = this.parts
    const { language } = wanted
    return { language, timeZone, publicUrl: address(), scope: await this.scopeOf(wanted, content) }
  }

  /** An account's part of the city, by the name that the report has of it; null for all of it. */
  private async scopeOf(
    { caller, language }: PaperWanted,
    content: ReportContent,
  ): Promise<PaperScope | null> {
    const { county, operator } = caller.scope
    if (operator !== undefined) {
      const names = await this.parts.operators.namesOf([operator])
      return { kind: 'operator', name: names.get(operator) ?? operator }
    }
    if (county === undefined) return null
    const pick = ({ zh, en }: { zh: string; en: string }) => (language === 'en' ? en : zh)
    return { kind: 'county', name: countyName(county, { content, format: { pick } }) }
  }
}
