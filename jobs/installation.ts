import { type Connection, Schema } from 'mongoose'
import { isDuplicate } from './database.ts'

interface InstallationDoc {
  _id: string
  installedAt: Date
}

const schema = new Schema<InstallationDoc>(
  { _id: String, installedAt: { type: Date, required: true } },
  { versionKey: false },
)
const ID = 'jobs'

/** When the service was first started on a database: what lies before is not owed. */
export function createInstallation(connection: Connection) {
  const model = connection.model<InstallationDoc>('JobInstallation', schema, 'job-installation')
  let known: Date | undefined
  return {
    /** Records the first start, once. @returns the instant of the first start, by this process or an earlier one */
    async since(now: Date): Promise<Date> {
      if (known) return known
      await model.collection.insertOne({ _id: ID, installedAt: now } as never).catch((error: unknown) => {
        if (!isDuplicate(error)) throw error
      })
      const stored = await model.collection.findOne<InstallationDoc>({ _id: ID as never })
      known = stored?.installedAt ?? now
      return known
    },
  }
}
export type Installation = ReturnType<typeof createInstallation>
