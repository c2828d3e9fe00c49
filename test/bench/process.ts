import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const RUN = fileURLToPath(new URL('../../scripts/run.mjs', import.meta.url))

/** Starts a program and waits until what it prints says that it is ready. */
export function startProgram(
  command: string,
  args: readonly string[],
  env: Record<string, string>,
  ready: RegExp,
): Promise<{ child: ChildProcess; found: RegExpExecArray; ms: number }> {
  const start = performance.now()
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] })
  let output = ''
  return new Promise((resolve, reject) => {
    child.stderr.on('data', (data) => {
      output += data
    })
    child.stdout.on('data', (data) => {
      output += data
      const found = ready.exec(output)
      if (found) resolve({ child, found, ms: performance.now() - start })
    })
    child.once('exit', (code) => reject(new Error(`${command} ended with ${code}: ${output}`)))
  })
}

/** Ends a program and waits until it has ended. */
export async function endProgram(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await ended
}

/**
 * A port that nobody listens on, nor is given by the system to whoever asks for any: it can be had again after a while
 * in which nobody has it.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 30_000)
    const isFree = await new Promise<boolean>((resolve) => {
      const server = createServer()
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
    })
    if (isFree) return port
  }
}

/** A folder that is removed at the end. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'fleet-bench-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

export const ADMIN = { email: 'bench@example.com', password: 'a good long password' }

/** The built service on a folder of its own. */
export async function startBuilt(dataDir: string, env: Record<string, string> = {}) {
  const settings = {
    DATA_DIR: dataDir,
    PORT: '0',
    LOG_LEVEL: 'error',
    ADMIN_EMAIL: ADMIN.email,
    ADMIN_PASSWORD: ADMIN.password,
    ...env,
  }
  const { child, found, ms } = await startProgram(process.execPath, [RUN], settings, /Ready .*(http:\/\/\S+)/)
  return { child, url: found[1] ?? '', ms }
}
