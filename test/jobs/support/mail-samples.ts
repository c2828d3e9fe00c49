/** A mail of each kind as people get it, to be looked at. */
import { Types } from 'mongoose'
import { renderAccountMail } from '../../../jobs/mail/account-mail.ts'
import { renderAlertMail } from '../../../jobs/mail/alert-mail.ts'
import type { ComposedMail } from '../../../jobs/mail/kit/index.ts'
import { renderListMail } from '../../../jobs/mail/list-mail.ts'
import { renderEscalationMail, renderReminderMail } from '../../../jobs/mail/reminder-mail.ts'
import { type ReportMail, renderReportMail } from '../../../jobs/mail/report/index.ts'
import { renderScenarioMail } from '../../../jobs/mail/scenario-mail.ts'
import type { Language } from '../../../server/accounts/schema.ts'
import type { AlertDoc } from '../../../server/alerts/model.ts'
import { digestOf } from '../../../server/reports/digest.ts'
import { contentFor } from '../../../server/reports/views.ts'
import { sampleReport } from '../../harness/reports.ts'
import { figuresWith } from './figures.ts'

const ADDRESS = 'https://fleet.example.org'
const ZONE = 'Asia/Shanghai'
const COMPANY = '建阳区顺达出租汽车有限公司'

function report(language: Language, more: Partial<ReportMail> = {}): ComposedMail {
  const whole = sampleReport()
  const due = {
    ...{ by: 'month' as const, today: '2026-11-30', until: '2027-01-31', policyVersion: 1, undetermined: 0 },
    ...{ total: 37, overdue: 4, withoutLife: [], items: [] },
    categories: [
      { category: 'bus' as const, total: 12, overdue: 1 },
      { category: 'cruising-taxi' as const, total: 25, overdue: 3 },
    ],
  }
  return renderReportMail(
    {
      ...{ id: 'a'.repeat(24), content: whole, digest: digestOf(whole), due, scope: null },
      ...{ source: 'account', attached: false },
      ...more,
    },
    { language, timeZone: ZONE, address: ADDRESS, unsubscribe: true },
  )
}

function operatorReport(language: Language): ComposedMail {
  const whole = sampleReport()
  const own = figuresWith(
    {
      'taxi-renewal': { numerator: 8, denominator: 11, value: 72.7 },
      'taxi-fleet': { numerator: 40, denominator: 71, value: 56.3 },
    },
    { asOf: whole.asOf, knownAt: whole.knownAt },
  )
  return report(language, {
    content: contentFor(whole, { operator: 'op-2' }, own),
    scope: { kind: 'operator', name: COMPANY },
  })
}

function countyReport(language: Language): ComposedMail {
  const whole = sampleReport()
  return report(language, {
    content: contentFor(whole, { county: '350703' }, whole.figures),
    scope: { kind: 'county', name: language === 'en' ? 'Jianyang' : '建阳区' },
    attached: true,
  })
}

const change = (n: number, operator: string): AlertDoc['changes']['items'][number] => ({
  ...{ id: String(n).padStart(24, '0'), kind: 'replaced', on: '2026-11-27', plate: `闽HT${3000 + n}` },
  ...{
    vin: `LGXC16AB0P00000${10 + n}`,
    operator: { id: 'op-2', name: operator },
    county: '350703',
    by: '陈科长',
  },
  ...{ reason: n === 1 ? '山区线路暂无充电条件，经局务会同意' : null, voided: false, import: null },
})

const alert: AlertDoc = {
  ...{
    _id: new Types.ObjectId(),
    key: 'k',
    at: new Date('2026-11-30T02:14:00Z'),
    mail: 'due',
    mailedAt: null,
  },
  ...{ kind: 'status', direction: 'worse', county: null, rule: 'taxi-renewal', unit: 'percent', target: 70 },
  title: { zh: '更新出租车新能源占比', en: 'New-energy share of replaced taxis' },
  before: { value: 70, numerator: 63, denominator: 90, status: 'on-track' },
  after: { value: 69.2, numerator: 63, denominator: 91, status: 'behind' },
  ...{
    needed: 3,
    because: ['changes'],
    changes: { items: [change(1, COMPANY), change(2, COMPANY)], total: 2 },
  },
  ...{ asOf: '2026-11-30', policy: { id: 'nanping-2024', version: 1 } },
  knownAt: new Date('2026-11-30T02:14:00Z'),
}

const scenario = (language: Language): ComposedMail =>
  renderScenarioMail(
    {
      ...{ language, by: '陈科长', message: '请审阅，周五前反馈意见。', scenario: 'b'.repeat(24) },
      content: {
        ...{ name: '八成新能源', note: '报分管市长', county: null, operators: [] },
        inputs: { others: 'pace', steps: [] },
        basis: {
          ...{ asOf: '2026-11-30', knownAt: '2026-11-30T00:00:00.000Z', policyVersion: 1 },
          ...{ until: '2027-12-31', months: 13 },
        },
        steps: [],
        rules: [
          {
            ...{ id: 'taxi-renewal', kind: 'share', unit: 'percent', target: 70, short: null },
            title: { zh: '更新出租车新能源占比', en: 'New-energy share of replaced taxis' },
            now: { value: 69.2, numerator: 63, denominator: 91, status: 'behind' },
            end: { value: 77.2, numerator: 139, denominator: 180, status: 'met' },
            ...{ reachedOn: null, moved: true },
            pace: { value: 69.4, numerator: 125, denominator: 180, status: 'missed' },
          },
        ],
      },
    },
    { publicUrl: ADDRESS, timeZone: ZONE },
  )

/** Every kind of mail in a language, by name. */
export function sampleMails(language: Language): Record<string, ComposedMail> {
  const listed = {
    ...{ operator: COMPANY, filename: '2026年11月车辆变动.xlsx', sender: '王会计', total: '128' },
    ...{ toRecord: '121', warning: '6', error: '1' },
  }
  const reminder = {
    ...{
      operator: COMPANY,
      month: '2026-10',
      dueOn: '2026-11-05',
      escalatesOn: '2026-11-08',
      toContact: false,
    },
    helpers: [{ name: '陈科长', email: 'chen@example.gov.cn' }],
    links: { upload: `${ADDRESS}/uploads/send`, nil: `${ADDRESS}/nil#token=abc` },
  }
  const link = {
    ...{ account: 'a'.repeat(24), email: 'wang@example.com', name: '王会计', language, nonce: 'n' },
    ...{ token: 'x'.repeat(60), createdAt: new Date('2026-11-30'), expiresAt: new Date('2026-12-07') },
  }
  const trouble = {
    job: 'daily-check',
    slot: '2026-11-30 06:00',
    reason: 'MongoNetworkTimeoutError: timed out',
  }
  const options = { language, publicUrl: ADDRESS }
  const alerted = { language, timeZone: ZONE, address: ADDRESS, unsubscribe: true }
  return {
    report: report(language),
    'report-county': countyReport(language),
    'report-operator': operatorReport(language),
    'report-listed': report(language, { source: 'list', attached: true }),
    alert: renderAlertMail([alert], alerted),
    reminder: renderReminderMail({ ...reminder, today: '2026-10-29' }, language),
    'reminder-late': renderReminderMail({ ...reminder, today: '2026-11-06' }, language),
    escalation: renderEscalationMail(
      {
        ...{
          month: '2026-10',
          why: 'late',
          dueOn: '2026-11-05',
          total: 2,
          timeZone: ZONE,
          link: `${ADDRESS}/reporting`,
        },
        operators: [
          {
            ...{ id: 'op-2', name: COMPANY, county: '350703', reached: [], nobody: false },
            contacts: [{ name: '王会计', phone: '0599-1234567' }],
          },
          {
            ...{ id: 'op-3', name: '建阳区公共交通有限责任公司', county: '350703', contacts: [] },
            ...{ reached: [], nobody: true },
          },
        ],
      },
      language,
    ),
    list: renderListMail({ kind: 'list-submitted', params: listed, link: '/uploads/1' }, options),
    trouble: renderListMail({ kind: 'job-failed', params: trouble, link: '/jobs' }, options),
    invitation: renderAccountMail({ ...link, kind: 'invitation' }, { address: ADDRESS, timeZone: ZONE }),
    reset: renderAccountMail({ ...link, kind: 'reset' }, { address: ADDRESS, timeZone: ZONE }),
    scenario: scenario(language),
  }
}
