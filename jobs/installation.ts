import { type Connection, Schema } from 'mongoose'
import { isDuplicateKey } from '../server/changes/writer-lock.ts'

interface InstallationDoc {
  _id: string
  installedAt: Date
}

const schema = new Schema<InstallationDoc>(
  { _id: String, installedAt: { type: Date, required: true } },
  { versionKey: false },
)
const ID = 'jobs'
const DAY_MS = 86_400_000

/** When the service was first started on a database: what lies before is not owed. */
export function createInstallation(connection: Connection) {
  const model = connection.model<InstallationDoc>('JobInstallation', schema, 'job-installation')
  let known: Date | undefined
  return {
    /**
     * Records the first start, once. One that was dated more than a day ahead, by a clock that has been put right
     * since, is dated now: until then nothing would be owed.
     * @returns the instant of the first start, by this process or an earlier one
     */
    async since(now: Date): Promise<Date> {
      const tomorrow = new Date(now.getTime() + DAY_MS)
      if (known && known <= tomorrow) return known
      await model.collection.insertOne({ _id: ID, installedAt: now } as never).catch((error: unknown) => {
        if (!isDuplicateKey(error)) throw error
      })
      await model.collection.updateOne(
        { _id: ID as never, installedAt: { $gt: tomorrow } },
        { $set: { installedAt: now } },
      )
      const stored = await model.collection.findOne<InstallationDoc>({ _id: ID as never })
      known = stored?.installedAt ?? now
      return known
    },
  }
}
export type Installation = ReturnType<typeof createInstallation>
