/** The sentences of reminders and of what officers are told of missing lists. */
import type { Language } from '../../server/accounts/schema.ts'

const zh = {
  subject: {
    ahead: (month: string, due: string) => `请于${due}前报送${month}车辆变动名单`,
    today: (month: string) => `${month}车辆变动名单今天到期`,
    late: (month: string, days: number) => `${month}车辆变动名单已逾期${days}天`,
  },
  status: {
    ahead: (operator: string, month: string, days: number) =>
      `${operator}尚未报送${month}的车辆变动，还有${days}天到期`,
    today: (operator: string, month: string) => `${operator}尚未报送${month}的车辆变动，今天到期`,
    late: (operator: string, month: string, days: number) =>
      `${operator}尚未报送${month}的车辆变动，已逾期${days}天`,
  },
  operator: '企业',
  missing: '应报内容',
  missingText: (month: string) =>
    `${month}内新增、更新、淘汰、过户的车辆和更换的动力电池；没有变动的作零报告`,
  due: '截止日期',
  escalation: '逾期处理',
  escalationText: (date: string) => `${date}仍未报送的，将转告主管经办人`,
  upload: '上传名单',
  nil: (month: string) => `${month}无变动，零报告`,
  nilHint: '零报告点开后还需确认一次；链接仅供贵企业使用，请勿转发。已报送的，请忽略本邮件。',
  nilClosed: '该月的零报告已停止办理；确无变动的，请联系主管经办人。已报送的，请忽略本邮件。',
  ask: '有疑问请联系',
  why: '您收到本邮件，是因为贵企业须按月报送车辆变动；这是履行报送义务的提醒，不能退订。请勿直接回复。',
  whyContact:
    '您收到本邮件，是因为贵企业登记的联系邮箱是本地址；这是履行报送义务的提醒，不能退订。请勿直接回复。',
  escalated: {
    late: (count: number, month: string) => `${count}家企业逾期未报送${month}车辆变动名单`,
    unreachable: (count: number, month: string) => `${count}家企业尚未报送${month}名单，且无人可通知`,
  },
  escalatedText: {
    late: (due: string) => `以下企业应于${due}前报送，至今仍未报送，请予督促。`,
    unreachable: (due: string) =>
      `以下企业应于${due}前报送，但没有可用的账号，登记信息中也没有联系邮箱，请电话或上门联系，并补充联系方式。`,
  },
  table: { operator: '企业', contact: '联系人', sent: '已送达的提醒' },
  nobody: '无人可通知',
  noContact: '未登记',
  none: '无',
  more: (total: number, shown: number) => `共${total}家，此处列出${shown}家；其余请打开“报送情况”查看`,
  sent: (count: number, last: string) => `${count}次，最近${last}`,
  open: '查看报送情况',
  whyOfficer: '您收到本邮件，是因为您是这些企业的主管经办人；这是履职所需的通知，不能退订。请勿直接回复。',
}
export type ReminderWords = typeof zh

const days = (count: number): string => `${count} ${count === 1 ? 'day' : 'days'}`
const operators = (count: number): string => `${count} ${count === 1 ? 'operator' : 'operators'}`

const en: ReminderWords = {
  subject: {
    ahead: (month, due) => `The vehicle list for ${month} is due by ${due}`,
    today: (month) => `The vehicle list for ${month} is due today`,
    late: (month, count) => `The vehicle list for ${month} is ${days(count)} late`,
  },
  status: {
    ahead: (operator, month, count) => `${operator} has not reported for ${month}: ${days(count)} left`,
    today: (operator, month) => `${operator} has not reported for ${month}: it is due today`,
    late: (operator, month, count) => `${operator} has not reported for ${month}: ${days(count)} late`,
  },
  operator: 'Operator',
  missing: 'What is missing',
  missingText: (month) =>
    `vehicles added, replaced, retired or transferred and batteries swapped in ${month}; or the report that there is nothing`,
  due: 'Due by',
  escalation: 'If it stays missing',
  escalationText: (date) => `on ${date} the officer in charge is told`,
  upload: 'Upload a list',
  nil: (month) => `Nothing to report for ${month}`,
  nilHint:
    'Nothing to report: you are asked once more before it counts. The link is for your company only: please do not pass it on. If you have reported, take no notice of this mail.',
  nilClosed:
    'Reports that there is nothing are no longer taken for this month: if there is nothing, please tell the officer in charge. If you have reported, take no notice of this mail.',
  ask: 'Questions to',
  why: 'You get this mail because your company must report its vehicles every month; this reminder of a duty cannot be unsubscribed from. Please do not reply.',
  whyContact:
    'You get this mail because your company gave this address as its contact; this reminder of a duty cannot be unsubscribed from. Please do not reply.',
  escalated: {
    late: (count, month) => `${operators(count)} late with the list for ${month}`,
    unreachable: (count, month) => `${operators(count)} without a list for ${month}, and nobody to tell`,
  },
  escalatedText: {
    late: (due) => `These were to report by ${due} and have not yet: please see to it.`,
    unreachable: (due) =>
      `These are to report by ${due}, but have no account in use and no contact address: please call or visit them, and complete the register.`,
  },
  table: { operator: 'Operator', contact: 'Contact', sent: 'Reminders that arrived' },
  nobody: 'nobody to tell',
  noContact: 'not registered',
  none: 'none',
  more: (total, shown) => `${total} in all, ${shown} of them listed: the page has the rest`,
  sent: (count, last) => `${count}, the last on ${last}`,
  open: 'See who has reported',
  whyOfficer:
    'You get this mail because you are the officer in charge of these operators; it belongs to your duties and cannot be unsubscribed from. Please do not reply.',
}

/** The sentences in a language. */
export const reminderWords = (language: Language): ReminderWords => (language === 'en' ? en : zh)
