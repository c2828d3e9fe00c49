import { createReadStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { extname } from 'node:path'
import type { Language } from '../accounts/schema.ts'
import { civilDateAt } from '../domain/civil-date.ts'
import type { Category } from '../domain/vocabulary.ts'
import type { Attachment } from '../http/attachment.ts'
import { notFound, Problem } from '../http/problem.ts'
import type { Caller } from '../http/route.ts'
import type { Operators } from '../operators/service.ts'
import { createWording, type Wording } from '../wording/index.ts'
import { wrongStatus } from './actions.ts'
import type { ImportFiles } from './files.ts'
import type { ImportStatus } from './schema.ts'
import type { ImportService } from './service.ts'
import type { ImportThread } from './thread-host.ts'

export interface DownloadParts {
  imports: Pick<ImportService, 'find'>
  files: Pick<ImportFiles, 'read'>
  operators: Operators
  /** what makes the workbooks */
  thread: Pick<ImportThread, 'ask'>
  timeZone: string
}

/** The form that somebody wants. */
export interface WantedForm {
  category?: Category | undefined
  operator?: string | undefined
  /** with the vehicles that the operator has in service */
  fleet: boolean
  language: Language
}

/** States in which a list's rows are not all known. */
const UNREAD: readonly ImportStatus[] = ['parsing', 'failed']

/** The files that callers take away. */
export class Downloads {
  private readonly parts: DownloadParts
  private readonly wordings: Record<Language, Wording> = {
    'zh-CN': createWording('zh-CN'),
    en: createWording('en'),
  }

  constructor(parts: DownloadParts) {
    this.parts = parts
  }

  /**
   * A list as it was sent, with its faults marked.
   * @throws Problem 404 for a list that there is not, or that the caller may not see; 409 `import.wrong-status` for one
   *   that has not been read
   */
  async errorsFile(id: string, language: Language, caller: Caller): Promise<Attachment> {
    const doc = await this.parts.imports.find(id, caller)
    if (UNREAD.includes(doc.status) || doc.expired) throw wrongStatus(doc)
    const { path } = await this.parts.thread.ask('errorsFile', { id, language })
    const base = doc.filename.slice(0, doc.filename.length - extname(doc.filename).length)
    return temporary(path, `${base}-${this.wordings[language].t('workbook.errorsFile')}.xlsx`)
  }

  /**
   * A form: an empty one, or the vehicles that an operator has in service and the caller may see.
   * @throws Problem 400 when it is not said whose vehicles; 404 for an operator that the caller may not see
   */
  async template(wanted: WantedForm, caller: Caller, now: Date): Promise<Attachment> {
    const { thread, timeZone } = this.parts
    const { category, language } = wanted
    const day = civilDateAt(now, timeZone)
    const form = { language, day, ...(category === undefined ? {} : { category }) }
    if (!wanted.fleet) {
      const { path } = await thread.ask('templateFile', form)
      return temporary(path, `${this.formName(wanted)}.xlsx`)
    }
    const operator = await this.operatorFor(wanted.operator, caller)
    const { county } = caller.scope
    const whose = { operator: operator.id, ...(county === undefined ? {} : { county }) }
    const { path } = await thread.ask('templateFile', { ...form, ...whose })
    const name = this.wordings[language].t('workbook.fleetFile', { operator: operator.name })
    return temporary(path, `${name} ${day}.xlsx`)
  }

  /** The file of a list as it was sent. @throws Problem 404, 409 `import.wrong-status` for one that is not kept */
  async original(id: string, caller: Caller): Promise<Attachment> {
    const doc = await this.parts.imports.find(id, caller)
    if (doc.expired) throw wrongStatus(doc)
    const content = this.parts.files.read(doc.file)
    return { filename: doc.filename, content, size: doc.size }
  }

  private formName({ category, language }: WantedForm): string {
    const wording = this.wordings[language]
    return category === undefined
      ? wording.t('workbook.anyFormFile')
      : wording.t('workbook.formFile', { category: wording.label('category', category) })
  }

  private async operatorFor(
    named: string | undefined,
    caller: Caller,
  ): Promise<{ id: string; name: string }> {
    const id = named ?? caller.scope.operator
    if (id === undefined) {
      const fault = { path: 'query.operator', code: 'required.missing', message: 'Say whose vehicles' }
      throw new Problem(400, 'request.invalid', undefined, [fault])
    }
    const found = (await this.parts.operators.list(caller)).find((o) => o.id === id)
    if (!found) throw notFound()
    return found
  }
}

/** A file that is removed once it is sent. */
async function temporary(path: string, filename: string): Promise<Attachment> {
  const { size } = await stat(path)
  return { filename, size, content: createReadStream(path), done: () => rm(path, { force: true }) }
}
