import type { CommandStartedEvent, MongoClient } from 'mongodb'

const KEPT_MS = 1000
const MOST = 10_000
const WRITES = new Set(['insert', 'update', 'delete', 'findAndModify', 'bulkWrite', 'drop', 'dropDatabase'])

/**
 * Remembers for a second what was read of some collections, so that requests which follow one another closely do not
 * all ask the database who is asking. Every write of this process to one of them makes it forget everything, before
 * and after: what it has changed itself it never takes to be as before. What another process changes holds here
 * within the second.
 */
export class ShortMemory {
  private readonly collections: ReadonlySet<string>
  private readonly values = new Map<string, { value: unknown; until: number }>()
  /** writes on their way, by the driver's number */
  private readonly writing = new Set<number>()
  private writes = 0
  private readonly elapsed: () => number

  /**
   * @param client with `monitorCommands`: its writes are watched, whoever makes them
   * @param elapsed milliseconds from some moment on, whatever is done to the machine's clock
   */
  constructor(client: MongoClient, collections: readonly string[], elapsed = () => performance.now()) {
    this.elapsed = elapsed
    this.collections = new Set(collections)
    client.on('commandStarted', (event) => {
      if (!this.concerns(event)) return
      this.writing.add(event.requestId)
      this.forget()
    })
    const ended = ({ requestId }: { requestId: number }) => {
      if (this.writing.delete(requestId)) this.forget()
    }
    client.on('commandSucceeded', ended)
    client.on('commandFailed', ended)
  }

  /** What is remembered under a key, or what is read now; a read that a write overtook is not remembered. */
  async get<T>(key: string, read: () => Promise<T>): Promise<T> {
    const known = this.values.get(key)
    if (known && known.until > this.elapsed()) return known.value as T
    const { writes } = this
    const until = this.elapsed() + KEPT_MS
    const value = await read()
    if (writes === this.writes && this.writing.size === 0) {
      if (this.values.size >= MOST) this.values.clear()
      this.values.set(key, { value, until })
    }
    return value
  }

  private forget(): void {
    this.writes++
    this.values.clear()
  }

  private concerns({ commandName, command }: CommandStartedEvent): boolean {
    if (!WRITES.has(commandName)) return false
    const collection: unknown = command[commandName]
    return typeof collection !== 'string' || this.collections.has(collection)
  }
}
