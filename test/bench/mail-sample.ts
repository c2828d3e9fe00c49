import { renderReportMail } from '../../jobs/mail/report/index.ts'
import type { SharedMail } from '../../jobs/outbox/outbox.ts'
import { digestOf } from '../../server/reports/digest.ts'
import '../harness/regions.ts'
import { sampleReport } from '../harness/reports.ts'

/** The weekly report of a city in the middle of its plan, rendered with its charts as its recipients get it. */
export function renderedReport(): SharedMail {
  const content = sampleReport()
  const mail = renderReportMail(
    {
      ...{ id: 'a'.repeat(24), content, digest: digestOf(content) },
      ...{ scope: null, source: 'account', attached: false },
    },
    {
      ...{ language: 'zh-CN', timeZone: 'Asia/Shanghai', address: 'https://fleet.example.org' },
      unsubscribe: true,
    },
  )
  return { kind: content.kind, period: content.period, language: 'zh-CN', topic: content.kind, ...mail }
}
