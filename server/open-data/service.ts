import type { Readable } from 'node:stream'
import { setImmediate as othersTurn } from 'node:timers/promises'
import type { Keys } from '../accounts/keys.ts'
import { isLimited } from '../accounts/permissions.ts'
import type { Language } from '../accounts/schema.ts'
import type { LedgerClock } from '../changes/ledger-clock.ts'
import type { ChangeModel } from '../changes/model.ts'
import type { LedgerViews } from '../compliance/views.ts'
import { civilDateAt } from '../domain/civil-date.ts'
import { csvStream } from '../exports/csv.ts'
import type { Exports } from '../exports/service.ts'
import type { Attachment } from '../http/attachment.ts'
import { Problem } from '../http/problem.ts'
import type { Caller } from '../http/route.ts'
import { createWording, type Wording } from '../wording/index.ts'
import { entryFields, entryRows } from './entries.ts'
import { cellsOf, type Field } from './fields.ts'
import { figureFields, figureRows, type Made } from './figures.ts'
import type { OpenData, OpenField, OpenResource } from './schema.ts'

interface Parts {
  changes: ChangeModel
  views: LedgerViews
  clock: LedgerClock
  exports: Exports
  keys: Keys
  timeZone: string
}

/** Rows written in one go: the requests that come in meanwhile wait no longer than that takes. */
const AT_ONCE = 50

/**
 * The data that the bureau may hand out: the figures, and the changes without what names a vehicle, a company (which
 * may be a person's) or a person. For accounts that see the whole city.
 */
export class OpenDataService {
  private readonly parts: Parts
  private readonly wordings: Record<Language, Wording> = {
    'zh-CN': createWording('zh-CN'),
    en: createWording('en'),
  }

  constructor(parts: Parts) {
    this.parts = parts
  }

  /** What there is, described by column. @throws Problem 403 for an account that sees a part of the city only */
  async index(caller: Caller, language: Language, now: Date): Promise<OpenData> {
    refuseLimited(caller)
    const made = await this.made(language, now)
    const wording = this.wordings[language]
    const { city, number, version } = made.policy
    const resource = <T>(name: 'figures' | 'changes', fields: readonly Field<T>[]): OpenResource => ({
      name,
      title: wording.t(`openData.${name}.title`),
      description: wording.t(`openData.${name}.description`),
      path: `open-data/${name}.csv`,
      ...{ type: 'table', format: 'csv', mediatype: 'text/csv', encoding: 'utf-8' },
      schema: { fields: fields.map((field) => described(field, wording)), missingValues: [''] },
    })
    return {
      $schema: 'https://datapackage.org/profiles/2.0/datapackage.json',
      name: 'fleet-ledger',
      title: wording.t('openData.title'),
      description: wording.t('openData.description', {
        city: made.english ? city.name.en : city.name.zh,
        number,
      }),
      version: String(version),
      created: made.knownAt.toISOString(),
      resources: [resource('figures', figureFields(made)), resource('changes', entryFields(made))],
    }
  }

  /** The figures as a file. @throws Problem 403, 409 `export.running` */
  async figures(caller: Caller, language: Language, now: Date): Promise<Attachment> {
    refuseLimited(caller)
    const { views, clock, timeZone } = this.parts
    const view = await views.at(await clock.horizon(now))
    const { policy, knownAt } = view
    const made: Made = { policy, knownAt, english: language === 'en' }
    const rows = figureRows(view.tally, policy, civilDateAt(now, timeZone))
    const once = async function* () {
      yield rows
    }
    return this.file('figures', caller, now, () => csv(figureFields(made), once()))
  }

  /** The changes as a file, read as it is fetched. @throws Problem 403, 409 `export.running` */
  async changes(caller: Caller, language: Language, now: Date): Promise<Attachment> {
    refuseLimited(caller)
    const made = await this.made(language, now)
    return this.file('changes', caller, now, () => csv(entryFields(made), entryRows(this.parts, made)))
  }

  private file(name: string, caller: Caller, now: Date, content: () => Readable): Attachment {
    const filename = `fleet-ledger-${name}-${civilDateAt(now, this.parts.timeZone)}.csv`
    return this.parts.exports.alone(caller, filename, content)
  }

  private async made(language: Language, now: Date): Promise<Made> {
    const { views, clock } = this.parts
    const { policy, knownAt } = await views.at(await clock.horizon(now))
    return { policy, knownAt, english: language === 'en' }
  }
}

function refuseLimited({ scope }: Caller): void {
  if (isLimited(scope)) throw new Problem(403, 'permission.denied')
}

function csv<T>(fields: readonly Field<T>[], batches: AsyncIterable<T[]>): Readable {
  async function* lines() {
    yield fields.map(({ name }) => name)
    for await (const batch of batches) {
      for (const [i, row] of batch.entries()) {
        if (i % AT_ONCE === 0) await othersTurn()
        yield cellsOf(fields, row)
      }
    }
  }
  return csvStream(lines())
}

function described<T>(
  { name, type, described, rule, codes, required }: Field<T>,
  wording: Wording,
): OpenField {
  const { t, label, language } = wording
  const title = rule && (language === 'en' ? rule.en : rule.zh)
  return {
    name,
    type,
    description: t(`openData.field.${described}`, title === undefined ? {} : { rule: title }),
    ...(codes
      ? { categories: codes.values.map((value) => ({ value, label: label(codes.group, value) })) }
      : {}),
    ...(required ? { constraints: { required: true } } : {}),
  }
}
