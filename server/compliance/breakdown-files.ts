import type { Language } from '../accounts/schema.ts'
import type { Exports, Wanted } from '../exports/service.ts'
import type { Attachment } from '../http/attachment.ts'
import type { PolicySource } from '../policies/source.ts'
import { createWording, type Wording } from '../wording/index.ts'
import type { Breakdowns } from './breakdowns.ts'
import { ruleOf } from './figure.ts'
import type { BreakdownPart, BreakdownQuery } from './schema.ts'

interface Parts {
  breakdowns: Breakdowns
  exports: Exports
  policies: PolicySource
}

/** A figure's parts as files. */
export class BreakdownFiles {
  private readonly parts: Parts
  private readonly wordings: Record<Language, Wording> = {
    'zh-CN': createWording('zh-CN'),
    en: createWording('en'),
  }

  constructor(parts: Parts) {
    this.parts = parts
  }

  /**
   * The parts that GET /compliance/:rule/breakdown gives, with how they are compared, the highest first, and what they
   * add up to in the head.
   * @param query narrowed to the caller's scope already
   * @throws Problem 404 `rule.unknown`, `policy.unknown-version`; 409 `export.running`
   */
  async breakdown(ruleId: string, query: BreakdownQuery, wanted: Wanted): Promise<Attachment> {
    const { breakdowns, exports, policies } = this.parts
    const found = await breakdowns.breakdown(ruleId, query, wanted.now)
    const knownAt = new Date(found.knownAt)
    const rule = ruleOf(await policies.asked(knownAt, found.policyVersion), ruleId)
    const { t, language } = this.wordings[wanted.language]
    const name = language === 'en' ? rule.title.en : rule.title.zh
    const { value, numerator, denominator } = found.total
    const sum =
      denominator === null ? String(numerator) : `${value?.toFixed(1) ?? '—'}% (${numerator}/${denominator})`
    const { by, asOf: _a, knownAt: _k, county, operator, ...rest } = query
    const { scope } = wanted.caller
    const made = {
      ...{ asOf: found.asOf, knownAt },
      filters: {
        ...rest,
        // What the caller is limited to anyway is told as the part of the city, not as a filter.
        ...(county === scope.county ? {} : { county }),
        ...(operator === scope.operator ? {} : { operator }),
      },
      more: [
        [t('exported.rule'), name],
        [t('exported.number'), rule.source],
        [t('exported.partsTotal'), sum],
      ] satisfies [string, string][],
    }
    const head = by === 'month' ? t('exported.filter.month') : t(`field.${by}`)
    const rows = (async function* () {
      yield ranked(found.items)
    })()
    return exports.file(wanted, t('exported.parts', { rule: name }), made, rows, (columns) =>
      columns.parts(head, rule.kind),
    )
  }
}

/** Places first, then those without one, in their own order. */
const ranked = (items: readonly BreakdownPart[]): BreakdownPart[] => {
  const place = ({ rank }: BreakdownPart) => rank ?? Number.MAX_SAFE_INTEGER
  return [...items].sort((a, b) => place(a) - place(b))
}
