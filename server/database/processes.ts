/** Telling processes apart: a number alone may have been given to another one since. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** A process as it can be recognised later: its number, and when it began. */
export interface ProcessIdentity {
  pid: number
  /** Differs for a later process of the same number; empty where the system does not say. */
  started: string
}

/** Who a running process is, or `undefined` when there is none of that number. */
export function identify(pid: number): ProcessIdentity | undefined {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // Not ours to signal, but there.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return undefined
  }
  const started = startOf(pid)
  return started === undefined ? undefined : { pid, started }
}

/** Whether the process that was identified once still runs. */
export function isSameProcess(known: ProcessIdentity): boolean {
  const now = identify(known.pid)
  return now !== undefined && (now.started === known.started || now.started === '' || known.started === '')
}

/** When a process began, in the system's own words; `undefined` when it has ended but is not yet collected. */
function startOf(pid: number): string | undefined {
  if (process.platform !== 'linux') {
    try {
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
    } catch {
      return ''
    }
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in brackets and may hold anything; the rest is plain.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot}/${fields[19] ?? ''}`
  } catch {
    return ''
  }
}
