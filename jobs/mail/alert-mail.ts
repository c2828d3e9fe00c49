import type { Language } from '../../server/accounts/schema.ts'
import type { AlertDoc } from '../../server/alerts/model.ts'
import type { AlertChange } from '../../server/alerts/schema.ts'
import { regionByCode } from '../../server/domain/regions.ts'
import { gravityOf, toneOf } from '../../server/reports/face/lines.ts'
import { type AlertWords, alertWords } from './alert-words.ts'
import { createFormat, type Format } from './format.ts'
import { type Block, type ComposedMail, composeMail, type Line } from './kit/index.ts'

export interface AlertMailOptions {
  language: Language
  timeZone: string
  /** where the service is to be reached; without it there are no links */
  address?: string | undefined
  /** the mail has a link that ends it with one click */
  unsubscribe: boolean
}

interface Writer extends AlertMailOptions {
  format: Format
  words: AlertWords
}

/**
 * A mail about what happened to figures: first what happened, then the entries behind it and what can be done.
 * @param alerts in the order in which they came; those of one rule and place are told as one course
 */
export function renderAlertMail(alerts: readonly AlertDoc[], options: AlertMailOptions): ComposedMail {
  const { language, timeZone, address, unsubscribe } = options
  const words = alertWords(language)
  const writer: Writer = { ...options, words, format: createFormat(language, timeZone) }
  const courses = coursesOf(alerts).map((course) => ({ course, sentence: sentenceOf(course, writer) }))
  const [first] = courses
  if (!first) throw new Error('a mail about no alert')
  const title = courses.length > 1 ? words.andMore(first.sentence, courses.length - 1) : first.sentence
  const settings = address === undefined ? undefined : new URL('/me?tab=mails', address).href
  return composeMail({
    ...{ language, title, subject: title, product: writer.format.wording.t('product.name') },
    preheader: courses.length > 1 ? courses.map((c) => c.sentence).join(' · ') : todoOf(first.course, writer),
    blocks: courses.flatMap(({ course, sentence }) =>
      courseBlocks(course, courses.length > 1 ? sentence : null, writer),
    ),
    footer: { why: words.why, notes: [words.note], settings, unsubscribe },
  })
}

/** Alerts of one rule in one place, in the order in which they came. */
type Course = readonly [AlertDoc, ...AlertDoc[]]

function coursesOf(alerts: readonly AlertDoc[]): Course[] {
  const courses = new Map<string, [AlertDoc, ...AlertDoc[]]>()
  for (const alert of alerts) {
    const key = `${alert.county}|${alert.rule}`
    const course = courses.get(key)
    if (course) course.push(alert)
    else courses.set(key, [alert])
  }
  // What is worst comes first.
  return [...courses.values()].sort((a, b) => gravity(a) - gravity(b))
}

const lastOf = (course: Course): AlertDoc => course.at(-1) ?? course[0]
const gravity = (course: Course): number => gravityOf(lastOf(course).after.status)

function sentenceOf(course: Course, { format, words }: Writer): string {
  const [first, last] = [course[0], lastOf(course)]
  const rule = format.pick(first.title)
  const status = (code: string) => format.wording.label('assessment', code)
  const [before, after] = [status(first.before.status), status(last.after.status)]
  const onlyFurther = course.every(({ kind }) => kind === 'breach')
  const sentence =
    onlyFurther || (course.length > 1 && before === after && last.kind === 'breach')
      ? words.further(rule, after)
      : isBack(last)
        ? words.regained(rule, after)
        : words.changed(rule, before, after)
  return last.county === null ? sentence : words.place(placeOf(last, format), sentence)
}

/** Only what was worse and is on track again is back; a target that is met has not been met before. */
const isBack = ({ before, after }: AlertDoc): boolean =>
  after.status === 'on-track' && ['warn', 'bad'].includes(toneOf(before.status))

function placeOf({ county }: AlertDoc, format: Format): string {
  const region = county === null ? undefined : regionByCode(county)
  return region ? format.pick({ zh: region.name, en: region.english }) : (county ?? '')
}

/** @param sentence what happened; null where the mail's title says it: then what can be done stands in its place */
function courseBlocks(course: Course, sentence: string | null, writer: Writer): Block[] {
  const { words, format } = writer
  const [first, last] = [course[0], lastOf(course)]
  const figure = (alert: AlertDoc, of: 'before' | 'after') => ({
    value: format.value(alert, alert[of].value),
    label: `${words[of]}${parts(alert[of], format)} · ${format.wording.label('assessment', alert[of].status)}`,
    tone: toneOf(alert[of].status),
  })
  return [
    {
      kind: 'status',
      tone: toneOf(last.after.status),
      headline: sentence ?? todoOf(course, writer),
      points: [],
    },
    {
      kind: 'tiles',
      tiles: [
        figure(first, 'before'),
        figure(last, 'after'),
        ...(last.target === null
          ? []
          : [{ value: format.value(last, last.target), label: words.target, tone: 'calm' as const }]),
      ],
    },
    ...(course.length > 1 ? courseList(course, writer) : []),
    { kind: 'facts', facts: factsOf(course, writer) },
    ...changesBlocks(course, writer),
    ...(sentence === null
      ? []
      : [
          { kind: 'heading' as const, text: words.todo },
          { kind: 'text' as const, text: todoOf(course, writer) },
        ]),
    ...linkBlocks(last, writer),
  ]
}

const parts = ({ numerator, denominator }: AlertDoc['after'], format: Format): string => {
  const fraction = format.parts({ numerator, denominator })
  return fraction === null ? '' : ` ${fraction}`
}

function courseList(course: Course, { words, format }: Writer): Block[] {
  const told = (alert: AlertDoc, of: 'before' | 'after') =>
    `${format.wording.label('assessment', alert[of].status)} ${format.value(alert, alert[of].value)}`
  return [
    { kind: 'heading', text: words.course },
    {
      kind: 'list',
      items: course.map((alert) =>
        words.step(format.instant(alert.at.toISOString()), told(alert, 'before'), told(alert, 'after')),
      ),
    },
  ]
}

function factsOf(course: Course, { words, format }: Writer): [string, Line][] {
  const last = lastOf(course)
  const causes = [...new Set(course.flatMap((alert) => alert.because))].map((cause) => words.causes[cause])
  return [
    [words.when, format.instant(last.at.toISOString())],
    ...(causes.length > 0 ? [[words.because, causes.join(format.words.semicolon)] as [string, Line]] : []),
  ]
}

function changesBlocks(course: Course, writer: Writer): Block[] {
  const { words } = writer
  const byId = new Map(course.flatMap(({ changes }) => changes.items).map((change) => [change.id, change]))
  const total = course.reduce((sum, { changes }) => sum + changes.total, 0)
  if (total === 0) return []
  const items = [...byId.values()]
  const columns = [words.change, words.operator, words.by].map((text) => ({ text, words: true }))
  const heading: Block = { kind: 'heading', text: words.evidence }
  if (items.length === 0) return [heading, { kind: 'text', text: words.elsewhere, muted: true }]
  return [
    heading,
    { kind: 'table', columns, rows: items.map((change) => changeRow(change, writer)) },
    ...(total > items.length
      ? [{ kind: 'text' as const, text: words.more(total, items.length), muted: true }]
      : []),
  ]
}

function changeRow(change: AlertChange, { words, format, address }: Writer) {
  const { plate, vin, kind, on, operator, by, voided, reason } = change
  const what = `${format.wording.label('kind', kind)} ${on}`
  const href = address && new URL(`/vehicles/${encodeURIComponent(vin)}`, address).href
  return {
    cells: [
      [
        { text: plate || vin, href, strong: true },
        { text: `\n${what}`, muted: true },
      ],
      operator.name,
      voided ? words.voidedBy(by) : by,
    ],
    note: [{ text: `${words.reason}${words.colon}${reason ?? words.noReason}`, muted: true }],
  }
}

/** What can be done about it, in one sentence. */
function todoOf(course: Course, { words, format }: Writer): string {
  const { after, needed, unit } = lastOf(course)
  const others = (after.denominator ?? 0) - after.numerator
  switch (after.status) {
    case 'breached':
      return words.cannotRegain(
        others,
        format.language === 'en' ? (others === 1 ? 'vehicle' : 'vehicles') : '辆',
      )
    case 'missed':
      return words.missed
    case 'behind':
    case 'at-risk': {
      if (needed === null) return words.falling
      const count = format.value({ unit: unit === 'percent' ? 'vehicles' : unit }, needed)
      return unit === 'percent'
        ? words.needed(format.language === 'en' ? String(needed) : count)
        : words.missing(count)
    }
    default:
      return words.nothing
  }
}

function linkBlocks(alert: AlertDoc, { words, address }: Writer): Block[] {
  if (address === undefined) return []
  const { rule, asOf, knownAt, county, _id } = alert
  const evidence = new URL(`/evidence/${encodeURIComponent(rule)}`, address)
  evidence.search = new URLSearchParams({
    ...{ asOf, knownAt: knownAt.toISOString() },
    ...(county === null ? {} : { county }),
  }).toString()
  const page = new URL(`/alerts?id=${_id.toHexString()}`, address)
  return [
    { kind: 'button', text: words.open, href: evidence.href },
    { kind: 'text', text: { text: words.openAlert, href: page.href } },
  ]
}
