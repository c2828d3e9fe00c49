import type { Response } from 'express'
import type { Caller } from '../http/route.ts'
import type { ImportService } from './service.ts'
import { WORKING } from './states.ts'

const LOOK_MS = 400
/** Something is said at least so often, so that nothing in between takes the connection for dead. */
const BEAT_MS = 15_000

/** Tells of a list's progress as server-sent events, until the work on it is over. */
export class ImportEvents {
  private readonly service: ImportService
  private readonly open = new Set<Response>()

  constructor(service: ImportService) {
    this.service = service
  }

  /** Answers with events. @throws Problem 404 before the first one */
  async stream(id: string, caller: Caller, res: Response): Promise<void> {
    let doc = await this.service.find(id, caller)
    res.set({ 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no', 'Cache-Control': 'no-store' })
    res.flushHeaders()
    this.open.add(res)
    res.on('close', () => this.open.delete(res))
    let told = ''
    let at = 0
    while (this.open.has(res)) {
      const now = JSON.stringify({ status: doc.status, progress: doc.progress })
      const quiet = now === told
      if (!quiet || Date.now() - at > BEAT_MS) {
        res.write(quiet ? ': \n\n' : `event: progress\ndata: ${now}\n\n`)
        told = now
        at = Date.now()
      }
      if (!WORKING.includes(doc.status)) break
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
      if (this.open.has(res)) doc = await this.service.find(id, caller)
    }
    res.end()
  }

  /** Ends all, so that the service can stop. */
  close(): void {
    for (const res of this.open) res.end()
    this.open.clear()
  }
}
