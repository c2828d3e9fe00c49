import type { Measure, Rule, VehicleCondition } from '../../../../server/domain/policy.ts'
import type { PolicyChange } from '../../../../server/domain/policy-changes.ts'
import { isNewEnergy } from '../../../../server/domain/vocabulary.ts'
import type { WordGroup } from '../../../../server/wording/index.ts'
import { count, targetShare } from '../../format.ts'
import type { Text, TextKey } from '../../i18n/index.ts'

/** The rules in words, made from their data. */

/** A word within an English sentence: with a small letter, unless it is an abbreviation. */
const within = (word: string, { language }: Text): string =>
  language === 'en' ? word.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase()) : word

const wordOf = (group: WordGroup, value: string, text: Text): string => within(text.label(group, value), text)

const joined = (words: readonly string[], { language }: Text): string =>
  words.join(language === 'en' ? ', ' : '、')

/** The energies of a condition; the three new-energy ones together by their common name. */
export function energiesText(energies: NonNullable<VehicleCondition['energies']>, text: Text): string {
  const fresh = energies.filter(isNewEnergy)
  const others = energies.filter((e) => !isNewEnergy(e)).map((e) => wordOf('energy', e, text))
  const together =
    fresh.length === 3 ? [within(text.t('newEnergy.yes'), text)] : fresh.map((e) => wordOf('energy', e, text))
  return joined([...together, ...others], text)
}

/** The vehicles that a condition means, such as 营运货车（柴油、国三及以下）. */
function vehiclesText({ categories, energies, emissionAtMost }: VehicleCondition, text: Text): string {
  const head = categories
    ? joined(
        categories.map((c) => wordOf('category', c, text)),
        text,
      )
    : text.t('policy.vehicles')
  const more = [
    ...(energies ? [energiesText(energies, text)] : []),
    ...(emissionAtMost === undefined
      ? []
      : [text.t('policy.emissionAtMost', { standard: text.label('emission', String(emissionAtMost)) })]),
  ]
  if (more.length === 0) return head
  return text.language === 'en' ? `${head} (${joined(more, text)})` : `${head}（${joined(more, text)}）`
}

const kindsText = ({ kinds, reasons }: Measure, text: Text): string =>
  joined(
    kinds.map((kind) => {
      const word = wordOf('kind', kind, text)
      if (kind !== 'retired' || !reasons) return word
      const said = joined(
        reasons.map((r) => wordOf('reason', r, text)),
        text,
      )
      return text.t('policy.withReasons', { kind: word, reasons: said })
    }),
    text,
  )

function measureText(measure: Measure, text: Text): string {
  const where = vehiclesText(measure.where, text)
  if (measure.of === 'replaced-vehicles') return text.t('policy.oldVehicle', { where })
  return text.t('policy.ownVehicle', { kinds: kindsText(measure, text), where })
}

/** What a rule counts, in a sentence. */
export function ruleText(rule: Rule, text: Text): string {
  const { t } = text
  if (rule.kind === 'count') {
    const parts = rule.sum.map((m) => measureText(m, text)).join(text.language === 'en' ? ', and ' : '，以及')
    return t(rule.unit === 'packs' ? 'policy.packsOf' : 'policy.countOf', { parts })
  }
  const counted = rule.counted.energies
    ? energiesText(rule.counted.energies, text)
    : vehiclesText(rule.counted, text)
  if (rule.kind === 'rising-share')
    return t('policy.fleetOf', { where: vehiclesText(rule.fleet, text), counted })
  const where = vehiclesText(rule.over.where, text)
  return t('policy.shareOf', { kinds: kindsText(rule.over, text), where, counted })
}

/** What a rule has to reach, in words. */
export function targetText(rule: Rule, { t }: Text): string {
  if (rule.kind === 'rising-share') return t('policy.rising')
  if (rule.kind === 'share') return t('policy.atLeast', { value: targetShare(rule.target).replace('%', '') })
  if (rule.target === undefined) return t('policy.noTarget')
  return t('policy.atLeastCount', { value: count(rule.target), unit: t(`policy.${rule.unit}`) })
}

/** A service life's vehicles. */
export const lifeText = (key: string, text: Text): string => {
  const [category = '', ...energies] = key.split(' ')
  const head = text.label('category', category)
  if (energies.length === 0) return head
  const said = energiesText(energies as NonNullable<VehicleCondition['energies']>, text)
  return text.language === 'en' ? `${head} (${said})` : `${head}（${said}）`
}

/** One difference between two versions: what of what, and from what to what. */
export function changeText(
  change: PolicyChange,
  text: Text,
): { what: string; before: string; after: string } {
  const { part, id, title } = change
  const of = title
    ? text.pick(title)
    : part === 'service-life'
      ? lifeText(id ?? '', text)
      : part === 'wording' && id
        ? text.t(`policy.field.${id}` as TextKey)
        : ''
  const what = [text.t(`policy.part.${part}` as TextKey), of].filter((word) => word !== '')
  const said = (value: PolicyChange['before']): string => {
    if (value === null) return '—'
    if (typeof value === 'object') return text.pick(value)
    if (part === 'service-life') return text.t('policy.years', { n: value })
    if (part === 'reporting-days') return `${value} ${text.t('policy.days')}`
    // Each of the milestones is a date and a number.
    if (part === 'milestones') return String(value).replace(/ \d+/g, (n) => ` ${count(Number(n))}`)
    return Number.isInteger(value) ? count(Number(value)) : String(value)
  }
  const separator = text.language === 'en' ? ': ' : '：'
  return { what: what.join(separator), before: said(change.before), after: said(change.after) }
}
