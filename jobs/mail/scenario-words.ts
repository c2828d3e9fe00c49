/** The sentences of mails about scenarios that server/wording has no use for. */
import type { Language } from '../../server/accounts/schema.ts'

const zh = {
  colon: '：',
  dot: '；',
  subject: (name: string, county: string | null) => `情景测算“${name}”${county ? `（${county}）` : ''}`,
  sentBy: (by: string) => `${by}向您发送了情景测算方案`,
  steps: '措施',
  basis: (asOf: string, until: string, county: string | null) =>
    `以${county ?? '全市'} ${asOf} 的数字为起点，测算至 ${until}${county ? '；数量目标只对全市设定' : ''}`,
  rule: '指标',
  now: '现在',
  end: '期末',
  pace: '按现进度',
  target: '目标',
  open: '在系统中打开这个方案',
  why: '测算以台账当前数字和所列措施推算，不是统计结果。本邮件由同事在系统中发送，请勿直接回复。',
}
export type ScenarioMailWords = typeof zh

const en: ScenarioMailWords = {
  colon: ': ',
  dot: ' · ',
  subject: (name, county) => `Scenario “${name}”${county ? ` (${county})` : ''}`,
  sentBy: (by) => `${by} sent you a scenario`,
  steps: 'Steps',
  basis: (asOf, until, county) =>
    `From the figures of ${county ?? 'the whole city'} on ${asOf}, worked out to ${until}${county ? '; counts have targets for the whole city only' : ''}`,
  rule: 'Rule',
  now: 'Now',
  end: 'At the end',
  pace: 'At the present pace',
  target: 'Target',
  open: 'Open the scenario',
  why: 'What is worked out rests on the present figures and the steps listed; it is not a statistic. A colleague sent this mail from the application. Please do not reply.',
}

/** The sentences in a language. */
export const scenarioMailWords = (language: Language): ScenarioMailWords => (language === 'en' ? en : zh)
