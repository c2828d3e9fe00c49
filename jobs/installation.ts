import { type Connection, Schema } from 'mongoose'

interface InstallationDoc {
  _id: string
  installedAt: Date
}

const schema = new Schema<InstallationDoc>(
  { _id: String, installedAt: { type: Date, required: true } },
  { versionKey: false },
)

/** When the service was first started on a database: what lies before is not owed. */
export function createInstallation(connection: Connection) {
  const model = connection.model<InstallationDoc>('JobInstallation', schema, 'job-installation')
  return {
    /** Records the first start, once. @returns the instant of the first start */
    async since(now: Date): Promise<Date> {
      const known = await model.collection.findOneAndUpdate(
        { _id: 'jobs' as never },
        { $setOnInsert: { installedAt: now } },
        { upsert: true, returnDocument: 'after' },
      )
      return (known as unknown as InstallationDoc | null)?.installedAt ?? now
    },
  }
}
export type Installation = ReturnType<typeof createInstallation>
