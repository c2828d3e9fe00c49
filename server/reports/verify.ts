import type { AuditModel } from '../audit/model.ts'
import { faultOf } from './check.ts'
import type { ReportDoc, ReportModel } from './model.ts'
import { reportsNoted } from './noted.ts'

/** What was altered of a report: its content, its number or period, its digest, or that it is there. */
export type ReportFault = 'content' | 'heads' | 'noted' | 'unnoted' | 'removed'

export interface ReportFinding {
  number: string
  fault: ReportFault
}

export interface ReportsVerification {
  reports: number
  /** by the reports' days, the first first; then those that are gone */
  findings: ReportFinding[]
}

/**
 * Compares each report with its digest, and its digest with the one that the audit log noted when it was made. Those
 * of an earlier form, which nobody has opened since, have no digest yet.
 */
export async function verifyReports(reports: ReportModel, audit: AuditModel): Promise<ReportsVerification> {
  const noted = new Map<string, { number: string; digests: string[] }>()
  const byNumber = new Map<string, string[]>()
  for await (const { id, number, digest } of reportsNoted(audit)) {
    const known = noted.get(id) ?? { number, digests: [] }
    known.digests.push(digest)
    noted.set(id, known)
    byNumber.set(number, [...(byNumber.get(number) ?? []), digest])
  }
  const findings: ReportFinding[] = []
  let count = 0
  const stored = reports.collection.find<ReportDoc>({ digest: { $exists: true } }).sort({ asOf: 1, _id: 1 })
  for await (const report of stored) {
    count++
    const id = String(report._id)
    const { digests, number } = noted.get(id) ?? { digests: [], number: String(report.number) }
    noted.delete(id)
    const fault = faultOf(report, [...digests, ...(byNumber.get(String(report.number)) ?? [])])
    if (fault) findings.push({ number, fault })
    else if (digests.length === 0 && !report.unnoted) findings.push({ number, fault: 'unnoted' })
  }
  for (const { number } of noted.values()) findings.push({ number, fault: 'removed' })
  return { reports: count, findings }
}

const FAULTS: Record<ReportFault, [zh: string, en: string]> = {
  content: ['的内容与其摘要值不符', ': its content does not match its digest'],
  heads: ['的编号或报告期被改动', ': its number or period was altered'],
  noted: ['的摘要值与操作日志不符', ': its digest is not the one that the audit log noted'],
  unnoted: [
    '不是经系统生成，操作日志中没有',
    ' was not made by the application: the audit log has none of it',
  ],
  removed: ['被删除', ' was removed'],
}

const MOST_TOLD = 20

/** What a verification of the reports found, in lines for a person, in both languages; the first finding first. */
export function tellReports({ reports, findings }: ReportsVerification): string[] {
  if (findings.length === 0) return [`报告核验通过：${reports} 份 / Reports verified: ${reports}`]
  const more = findings.length - MOST_TOLD
  return [
    `报告核验不通过，共 ${findings.length} 份 / Not as made: ${findings.length} reports`,
    ...findings.slice(0, MOST_TOLD).map(({ number, fault }) => {
      const [zh, en] = FAULTS[fault]
      return `- 报告 ${number} ${zh} / report ${number}${en}`
    }),
    ...(more > 0 ? [`… 另有 ${more} 份 / and ${more} more`] : []),
  ]
}
