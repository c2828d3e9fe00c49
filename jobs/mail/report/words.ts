/** The sentences of reports' mails; what stands in the report itself too is taken from its words. */
import type { Language } from '../../../server/accounts/schema.ts'
import type { ReportKind } from '../../../server/reports/schema.ts'
import type { Source } from '../../../server/subscriptions/schema.ts'

const KINDS_ZH: Record<ReportKind, string> = { weekly: '周报', monthly: '月报', quarterly: '季报' }

const zh = {
  subject: (masthead: string, period: string, scope: string | null, headline: string) =>
    `${masthead}（${period}${scope === null ? '' : `，${scope}`}）${headline === '' ? '' : `：${headline}`}`,
  title: (masthead: string, period: string) => `${masthead} · ${period}`,
  /** who writes, and about which county or operator */
  ofScope: (product: string, scope: string) => `${product} · ${scope}`,
  state: (asOf: string, known: string) => `数据截至${asOf}（含当日），按${known}前已入账的变动计算。`,
  target: (value: string, target: string) => `${value}（目标${target}）`,
  andMore: (more: number) => (more > 0 ? `，另有${more}家` : ''),
  seeMissing: '查看报送情况',
  ownInShort: {
    complete: (months: string) => `${months}名单已报送`,
    missing: (months: string) => `${months}名单尚未报送`,
    pending: (months: string, day: string) => `${months}名单请于${day}前报送`,
  },
  ownComplete: (months: string) => `贵企业${months}名单已报送。`,
  ownPending: (months: string, day: string) =>
    `贵企业${months}名单请于${day}前报送；当月没有变动的，请作零报告。`,
  ownMissing: (months: string) => `贵企业${months}名单尚未报送，请尽快报送；当月没有变动的，请作零报告。`,
  ownReport: '报送名单或作零报告',
  ownNothing: '截至本期，贵企业没有计入各项指标的变动。',
  ownFigures: '贵企业计入各项指标的数量',
  ownExceptions: (count: number) => `贵企业有${count}项变动需要说明。`,
  chartShares: '新能源占比（%）',
  chartCounts: '数量目标完成率（%）',
  because: { happened: '本期发生', late: '补报以往', corrected: '更正作废', policy: '口径调整' },
  madeOf: (parts: string) => `其中${parts}`,
  allOf: (cause: string) => `均为${cause}`,
  movedKey: '占比类指标的增减写作“新能源/全部”。',
  countyKey: '表头数字即上文指标序号；占比类指标写作“新能源数/更新总数”。',
  due: {
    heading: (until: string) => `${until}前到期的车辆`,
    some: (total: string, kinds: string) => `在营车辆中，使用年限将到期的有${total}辆：${kinds}。`,
    none: '没有使用年限将到期的在营车辆。',
    overdue: (count: string) => `其中${count}辆已经超期。`,
    kind: (category: string, count: string) => `${category}${count}辆`,
    open: '查看到期清单',
  },
  exceptions: '需要说明的变动',
  seeExceptions: '在报告中查看明细',
  open: '打开报告',
  check: {
    heading: '核验',
    said: (number: string, code: string) => `文号：${number}，核验码：${code}`,
    open: '核对本期数字是否属实、未经改动（无需登录）',
  },
  tables: '各表数据见附件（.xlsx）。',
  frozen: '本期数字编制时即已固定，此后的补报、更正不改变本件。',
  extract: (scope: string) => `本邮件只含${scope}的数据。`,
  why: {
    account: (kind: ReportKind) =>
      `您收到本邮件，是因为您的账号开启了接收${KINDS_ZH[kind]}；可随时退订。请勿直接回复。`,
    list: (kind: ReportKind) =>
      `您收到本邮件，是因为系统管理员将您列为${KINDS_ZH[kind]}收件人；可随时退订。请勿直接回复。`,
  } satisfies Record<Source, (kind: ReportKind) => string>,
}
export type ReportMailWords = typeof zh

const plural = (count: string | number, one: string, many: string): string =>
  `${count} ${String(count) === '1' ? one : many}`

const en: ReportMailWords = {
  subject: (masthead, period, scope, headline) =>
    `${masthead}, ${period}${scope === null ? '' : ` (${scope})`}${headline === '' ? '' : ` – ${headline}`}`,
  title: (masthead, period) => `${masthead} · ${period}`,
  ofScope: (product, scope) => `${product} · ${scope}`,
  state: (asOf, known) => `As of the end of ${asOf}, from the changes recorded by ${known}.`,
  target: (value, target) => `${value} (target ${target})`,
  andMore: (more) => (more > 0 ? ` and ${more} more` : ''),
  seeMissing: 'See who has reported',
  ownInShort: {
    complete: (months) => `list for ${months} reported`,
    missing: (months) => `list for ${months} missing`,
    pending: (months, day) => `list for ${months} due by ${day}`,
  },
  ownComplete: (months) => `Your list for ${months} has been reported.`,
  ownPending: (months, day) =>
    `Your list for ${months} is due by ${day}. Please report it, or declare that there is nothing to report.`,
  ownMissing: (months) =>
    `Your list for ${months} is missing. Please report it soon, or declare that there is nothing to report.`,
  ownReport: 'Report a list, or nothing to report',
  ownNothing: 'Nothing of your fleet counts in any of the figures so far.',
  ownFigures: 'What counts of your fleet',
  ownExceptions: (count) => `${plural(count, 'change of yours needs', 'changes of yours need')} explaining.`,
  chartShares: 'New-energy shares (%)',
  chartCounts: 'Counts, in % of their targets',
  because: {
    happened: 'happened since',
    late: 'recorded late',
    corrected: 'corrected or withdrawn',
    policy: 'rules changed',
  },
  madeOf: (parts) => `of which ${parts}`,
  allOf: (cause) => `all of it ${cause}`,
  movedKey: 'Changes of shares read “new-energy / all”.',
  countyKey:
    'The numbers in the heading are those of the measures above; shares read “new-energy / all replacements”.',
  due: {
    heading: (until) => `Vehicles due by ${until}`,
    some: (total, kinds) =>
      `The service life of ${plural(total, 'vehicle', 'vehicles')} in service ends: ${kinds}.`,
    none: 'No vehicle in service reaches the end of its service life.',
    overdue: (count) => `${plural(count, 'is', 'are')} overdue already.`,
    kind: (category, count) => `${category} ${count}`,
    open: 'See which',
  },
  exceptions: 'Changes that need explaining',
  seeExceptions: 'See them in the report',
  open: 'Open the report',
  check: {
    heading: 'Verification',
    said: (number, code) => `Number: ${number}, code: ${code}`,
    open: 'Check that these figures are genuine and unchanged (without signing in)',
  },
  tables: 'The tables are attached (.xlsx).',
  frozen:
    'These figures were fixed when the report was made; what is recorded or corrected later does not change them.',
  extract: (scope) => `This mail covers ${scope} alone.`,
  why: {
    account: (kind) =>
      `You get this mail because your account asks for the ${kind} report; you can end it at any time. Please do not reply.`,
    list: (kind) =>
      `You get this mail because an administrator listed you for the ${kind} report; you can end it at any time. Please do not reply.`,
  },
}

/** The sentences in a language. */
export const reportMailWords = (language: Language): ReportMailWords => (language === 'en' ? en : zh)
