import type { Connection } from 'mongoose'
import type { Compliance } from '../../../server/compliance/schema.ts'
import { ReportMaker } from '../../../server/reports/maker.ts'
import type { ReportDoc } from '../../../server/reports/model.ts'
import { numberOf, shortNumberOf } from '../../../server/reports/number.ts'
import { ReportStore } from '../../../server/reports/store.ts'
import { NANPING } from '../../harness/policies.ts'
import { sampleReport } from '../../harness/reports.ts'

/** The real making and keeping of reports, with figures that a test gives and the sample for the rest. */
export function createWorldReports(
  connection: Connection,
  freeze: (args: { asOf: string; now: Date }) => Promise<Compliance>,
) {
  const store = new ReportStore(connection, { note: async () => {}, noted: async () => [] })
  const maker = new ReportMaker({
    ...{ store, figures: { freeze }, timeZone: 'Asia/Shanghai', planFrom: () => NANPING.period.from },
    async compose({ period, figures, occasion, standsFor, createdAt, previous }) {
      return sampleReport({
        ...{ kind: period.kind, period: period.name, from: period.from, figures, occasion, standsFor },
        ...{ number: numberOf(period, NANPING), shortNumber: shortNumberOf(period) },
        createdAt: createdAt.toISOString(),
        previous: previous && {
          ...{ id: previous._id.toHexString(), number: previous.number, period: previous.period },
          ...{ asOf: previous.asOf, knownAt: previous.content.knownAt, dropped: [] },
          policyVersion: previous.content.policy.version,
        },
      })
    },
  })
  return {
    store,
    make: maker.make.bind(maker),
    previousOf: async ({ content }: ReportDoc) => content.previous && (await store.byId(content.previous.id)),
  }
}
export type WorldReports = ReturnType<typeof createWorldReports>
