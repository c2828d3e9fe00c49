/** The sentences of the weekly mail. Names of closed sets (statuses, units) come from server/wording. */
import type { Language } from '../../server/accounts/schema.ts'

const zh = {
  kind: '周报',
  subject: (week: string, headline: string) => `新能源汽车推广周报 ${week}：${headline}`,
  week: (week: number, year: number) => `${year}年第${week}周`,
  state: (asOf: string) => `数据截至${asOf}（含当日）`,
  known: (at: string) => `按${at}时已入账的变动计算`,
  dateFormat: 'yyyy年M月d日',
  instantFormat: 'yyyy年M月d日 HH:mm',
  zone: (zone: string) => (zone === 'Asia/Shanghai' ? '（北京时间）' : `（${zone}）`),
  item: (label: string, count: number) => `${label}${count}项`,
  join: '，',
  semicolon: '；',
  colon: '：',
  allGood: (count: number) => `${count}项目标全部达到要求`,
  noData: '还没有可统计的变动',
  targets: '目标完成情况',
  others: '在营车辆占比与其他统计',
  measure: '指标',
  present: '现值',
  target: '目标',
  yearBefore: '一年前',
  charts: { shares: '新能源占比（%）', counts: '数量目标完成率（%）' },
  chartTick: { shares: '竖线为目标', counts: '竖线为按进度应达' },
  moved: (period: string, asOf: string) => `与上期（${period}，截至${asOf}）相比`,
  movedFirst: '与上期相比',
  first: '这是第一期周报，没有可比的上期。',
  nothingMoved: '各项指标均无变化。',
  othersSame: (count: number) => `其余${count}项无变化。`,
  newRule: '本期新增的指标',
  policyChanged: (from: number, to: number) => `口径已由第${from}版调整为第${to}版，变化可能由此引起。`,
  counties: '各县（市、区）情况',
  county: '县（市、区）',
  total: '全市',
  countyKey: '表头数字即上文指标序号；占比类指标写作“新能源数/更新总数”。',
  noCounties: '各县（市、区）尚无变动。',
  notNewEnergy: (count: number) => `已有${count}辆更新车辆不是新能源，期内无法再回到目标`,
  needed: (count: number) => `再连续更新${count}辆新能源车可达到目标`,
  missing: (count: string) => `还差${count}`,
  perMonth: (count: string) => `此后每月需${count}`,
  expected: (count: string) => `按进度应达${count}`,
  forecast: (low: string, high: string) => `按近一年速度期末可达${low}至${high}`,
  undetermined: (count: number) => `另有${count}辆排放标准不明，未计入`,
  above: (value: string, target: string) => `${value}（目标${target}）`,
  footer: {
    policy: (title: string, number: string, version: number) =>
      `依据：《${title}》（${number}），口径第${version}版。`,
    frozen: '本期数字已留存，不随之后的更正改变；点击指标可查看构成该数字的每一辆车。',
    frozenNoLinks: '本期数字已留存，不随之后的更正改变；在系统中可查看构成该数字的每一辆车。',
    why: '您收到本邮件，是因为账户中开启了周报；登录后可随时关闭。请勿直接回复。',
    open: '打开系统',
  },
}

export type MailWords = typeof zh

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

const en: MailWords = {
  kind: 'Weekly report',
  subject: (week, headline) => `Fleet renewal report, ${week}: ${headline}`,
  week: (week, year) => `week ${week} of ${year}`,
  state: (asOf) => `As of the end of ${asOf}`,
  known: (at) => `from the changes recorded by ${at}`,
  dateFormat: 'd MMMM yyyy',
  instantFormat: 'd MMMM yyyy, HH:mm',
  zone: (zone) => (zone === 'Asia/Shanghai' ? ' (China time)' : ` (${zone})`),
  item: (label, count) => `${count} ${label.charAt(0).toLowerCase()}${label.slice(1)}`,
  join: ', ',
  semicolon: '; ',
  colon: ': ',
  allGood: (count) => `all ${count} targets on course`,
  noData: 'nothing to count yet',
  targets: 'Targets',
  others: 'Fleet in service and other figures',
  measure: 'Measure',
  present: 'Now',
  target: 'Target',
  yearBefore: 'Year before',
  charts: { shares: 'New-energy shares (%)', counts: 'Counts, in % of their targets' },
  chartTick: { shares: 'upright line: target', counts: 'upright line: due by now' },
  moved: (period, asOf) => `Since the last report (${period}, as of ${asOf})`,
  movedFirst: 'Since the last report',
  first: 'This is the first weekly report; there is none to compare it with.',
  nothingMoved: 'No figure has changed.',
  othersSame: (count) => `${plural(count, 'other figure has', 'other figures have')} not changed.`,
  newRule: 'new in this report',
  policyChanged: (from, to) =>
    `The rules went from version ${from} to ${to}, which may be why figures moved.`,
  counties: 'By county',
  county: 'County',
  total: 'City',
  countyKey:
    'The numbers in the heading are those of the targets above; shares read “new-energy / all replacements”.',
  noCounties: 'No county has reported a change yet.',
  notNewEnergy: (count) =>
    `${plural(count, 'replacement was', 'replacements were')} not new-energy; this target cannot be regained`,
  needed: (count) =>
    `the next ${plural(count, 'replacement', 'replacements')} in a row must be new-energy to reach it`,
  missing: (count) => `${count} to go`,
  perMonth: (count) => `${count} a month needed from here`,
  expected: (count) => `${count} due by now`,
  forecast: (low, high) => `at the past year’s pace ${low} to ${high} by the end`,
  undetermined: (count) => `${plural(count, 'vehicle', 'vehicles')} of unknown emission standard not counted`,
  above: (value, target) => `${value} (target ${target})`,
  footer: {
    policy: (title, number, version) => `Basis: ${title} (${number}), rules version ${version}.`,
    frozen:
      'These figures are kept as they are here, whatever is corrected later. Each measure links to the vehicles behind it.',
    frozenNoLinks:
      'These figures are kept as they are here, whatever is corrected later. The application shows the vehicles behind them.',
    why: 'You get this mail because your account asks for the weekly report; sign in to turn it off. Please do not reply.',
    open: 'Open the application',
  },
}

/** The mail's sentences in a language. */
export const mailWords = (language: Language): MailWords => (language === 'en' ? en : zh)
