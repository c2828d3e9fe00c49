import { type Connection, Schema } from 'mongoose'

/** A sign of life of work that no ledger of runs tells of. */
export interface Pulse {
  /** the name of a tick, or of a round */
  _id: string
  /** rises with the successes, at most once a minute in each process */
  beats: number
  /** when it last succeeded */
  at: Date
}

const schema = new Schema<Pulse>(
  { _id: String, beats: { type: Number, required: true }, at: { type: Date, required: true } },
  { versionKey: false },
)

/** A success is written down at most so often. */
const SPARING_MS = 60_000

/**
 * When the ticks and rounds last succeeded, in whichever process: what hangs, or fails every time, falls silent here.
 */
export class Pulses {
  private readonly model
  private readonly names = new Set<string>()
  private readonly written = new Map<string, number>()
  private readonly monotonic: () => number

  constructor(connection: Connection, monotonic: () => number = () => performance.now()) {
    this.model = connection.model<Pulse>('JobPulse', schema, 'job-pulses')
    this.monotonic = monotonic
  }

  /** Says that something is to succeed again and again. */
  expect(...names: readonly string[]): void {
    for (const name of names) this.names.add(name)
  }

  /** What is to succeed again and again in this process. */
  get expected(): string[] {
    return [...this.names]
  }

  /** Notes a success. */
  async beat(name: string, now: Date): Promise<void> {
    const at = this.monotonic()
    if (at - (this.written.get(name) ?? -Infinity) < SPARING_MS) return
    await this.model.collection.updateOne(
      { _id: name as never },
      { $inc: { beats: 1 }, $set: { at: now } },
      { upsert: true },
    )
    this.written.set(name, at)
  }

  /** The latest successes of what is expected here. */
  async latest(): Promise<Pulse[]> {
    return this.model.collection.find<Pulse>({ _id: { $in: this.expected as never[] } }).toArray()
  }
}
