import { createWording } from '../wording/index.ts'
import type { Finding, FindingKind, SealFault } from './findings.ts'
import type { Verification } from './verify-ledger.ts'

const KINDS: Record<Exclude<FindingKind, 'seal'>, [zh: string, en: string]> = {
  changed: ['被改动', 'was altered'],
  removed: ['被删除', 'was removed'],
  added: ['不是经系统录入', 'was added behind the application’s back'],
  'withdrawal-changed': ['的作废记录被改动', ': its voiding was altered'],
  'withdrawal-undone': ['的作废被撤销', ': its voiding was undone'],
  'withdrawal-added': ['的作废不是经系统办理', ': it was voided behind the application’s back'],
}

const FAULTS: Record<SealFault, [zh: string, en: string]> = {
  chain: ['与前一日的封存不衔接', 'does not follow from the day before'],
  gap: ['缺少', 'is missing'],
  missing: ['缺少', 'is missing'],
  leaves: ['的明细被改动', ': what it sealed was altered'],
  counts: ['的条数被改动', ': its counts were altered'],
  day: ['不属于任何一日', 'is of no day'],
  early: ['早于该日结束', 'was made before its day was over'],
  other: ['与另行记录的链值不一致', 'is not the one whose chain value was noted elsewhere'],
}

const MOST_TOLD = 20

/** What a verification found, in lines for a person, in both languages; the first finding first. */
export function tellVerification(found: Verification): string[] {
  const { days, entries, voidings, lastDay, unsealed, found: count } = found
  const since =
    lastDay === null
      ? `台账尚未封存 / Nothing is sealed yet; ${unsealed} entries and voidings wait for their first seal`
      : `${lastDay} 之后的 ${unsealed} 条记录和作废尚未封存 / ${unsealed} entries and voidings since ${lastDay} are not sealed yet`
  if (count === 0)
    return [
      `核验通过：${days} 日，${entries} 条记录，${voidings} 条作废 / Verified: ${days} days, ${entries} entries, ${voidings} voidings`,
      since,
    ]
  const told = found.findings.slice(0, MOST_TOLD).map(line)
  const more = count - told.length
  return [
    `核验不通过，共 ${count} 处 / Not as sealed: ${count} findings`,
    ...told,
    ...(more > 0 ? [`… 另有 ${more} 处 / and ${more} more`] : []),
    `已核验 ${days} 日 / ${days} days were gone through`,
    since,
  ]
}

function line(finding: Finding): string {
  const { kind, day, entry, vin, plate, what } = finding
  if (kind === 'seal') {
    const [zh, en] = FAULTS[what[0] as SealFault]
    return `- ${day} 的封存${zh} / the seal of ${day} ${en}`
  }
  const [zh, en] = KINDS[kind]
  const where = day === null ? '不属于任何一日 of no day' : `${day} 封存 sealed`
  return `- 变动 ${entry}（车架号 ${vin || '?'}，车牌 ${plate || '?'}，${where}）${zh}${fieldsIn('zh-CN', what)} / change ${entry} ${en}${fieldsIn('en', what)}`
}

/** The fields that differ, by the words of the pages and their own names. */
function fieldsIn(language: 'zh-CN' | 'en', fields: readonly string[]): string {
  if (fields.length === 0) return ''
  const { label } = createWording(language)
  const named = fields.map((field) => {
    const word = label('auditField', field.split('.').at(-1) ?? field)
    return word === field ? field : language === 'en' ? `${word} (${field})` : `${word}（${field}）`
  })
  return language === 'en' ? `: ${named.join(', ')}` : `：${named.join('、')}`
}
