import type { Types } from 'mongoose'
import { compliance } from '../compliance/schema.ts'
import { type ReportKind, readPeriod } from '../domain/report-period.ts'
import { type ComposeParts, composeReport } from './compose.ts'
import type { ReportStore } from './store.ts'

/** A weekly report as they were kept before reports had a content and a digest. */
interface EarlierDoc {
  _id: Types.ObjectId
  kind: ReportKind
  period: string
  createdAt: Date
  figures: unknown
}

/**
 * Completes the reports of the earlier form, the oldest first, each compared with the one before. Their figures stay
 * as they were frozen; what they did not have is worked out from the ledger at the same day, instant and version.
 * Who had reported by then is not known any more: of them it says what is known now. Safe to repeat, and to be done
 * by several processes at once.
 */
export async function completeEarlier(parts: ComposeParts, store: ReportStore): Promise<number> {
  const old = store.model.collection
    .find<EarlierDoc>({ digest: { $exists: false }, figures: { $exists: true } })
    .sort({ asOf: 1 })
  let completed = 0
  for await (const { _id, kind, period: name, createdAt, figures: kept } of old) {
    const { data: figures } = compliance.safeParse(kept)
    const period = readPeriod(kind, name)
    // Nothing that a report can be made of stays as it is.
    if (!figures || !period) continue
    const previous = await store.before(kind, figures.asOf)
    const content = await composeReport(parts, {
      ...{ period, figures, createdAt, previous, occasion: 'scheduled', standsFor: [name] },
    })
    await store.complete(_id, content)
    completed++
  }
  return completed
}
