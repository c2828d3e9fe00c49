import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

/** The memory that a process has in use now (resident), in MB. @throws when there is no such process */
export function residentMb(pid: number): number {
  const file = `/proc/${pid}/status`
  const kb = existsSync(file)
    ? /VmRSS:\s+(\d+)/.exec(readFileSync(file, 'utf8'))?.[1]
    : execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).trim()
  if (!kb) throw new Error(`process ${pid} has ended`)
  return Number(kb) / 1024
}

/** Watches the memory of a process. */
export class MemoryWatch {
  /** the most that was seen, in MB */
  peak = 0
  private readonly timer: NodeJS.Timeout

  constructor(pid: number, everyMs = 50) {
    const look = () => {
      try {
        this.peak = Math.max(this.peak, residentMb(pid))
      } catch {
        // It has ended: whoever uses it finds out.
      }
    }
    look()
    this.timer = setInterval(look, everyMs)
  }

  /** Ends watching. @returns the peak in MB */
  stop(): number {
    clearInterval(this.timer)
    return this.peak
  }
}
