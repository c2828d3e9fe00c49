import { expect } from 'vitest'
import type { ImportStatus, ImportView } from '../../../server/imports/schema.ts'
import type { Client } from '../../harness/client.ts'
import type { ServiceProcess } from '../../harness/process.ts'

/** A list's way through a service that is killed on the way. */

/** Leases of a killed process run out after 30 s at the latest, then the work goes on. */
export const PATIENCE_MS = 240_000

/** States in which nothing happens to a list by itself any more. */
const ENDS: readonly ImportStatus[] = ['failed', 'rejected', 'applied', 'cancelled', 'withdrawn']

/** Sends a list. @returns its id */
export async function sendList(
  client: Client,
  csv: string,
  fields: Record<string, string> = {},
): Promise<string> {
  const sent = await client.upload('list.csv', csv, fields)
  expect(sent, JSON.stringify(sent.body)).toMatchObject({ status: 202 })
  return sent.body.id
}

export async function approve(client: Client, id: string): Promise<void> {
  const { status, body } = await client.post(`/imports/${id}/approve`)
  expect(status, JSON.stringify(body)).toBe(202)
}

/**
 * A list as it stands. While this process is busy comparing ledgers the service closes an idle connection; as a
 * browser does, a question that met that is asked again on a new one.
 */
export async function view(client: Client, id: string): Promise<ImportView> {
  const ask = () => client.get<ImportView>(`/imports/${id}`)
  const { status, body } = await ask().catch(ask)
  if (status !== 200) throw new Error(`the list answered ${status} ${JSON.stringify(body)}`)
  return body
}

/** Asks for a list again and again until it is as wanted. @throws when it comes to another end */
export async function until(
  client: Client,
  id: string,
  holds: (view: ImportView) => boolean,
  everyMs: number,
): Promise<ImportView> {
  for (
    const deadline = Date.now() + PATIENCE_MS;
    ;
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  ) {
    const found = await view(client, id)
    if (holds(found)) return found
    if (ENDS.includes(found.status) || Date.now() > deadline)
      throw new Error(
        `the moment never came: ${found.status} ${found.progress.done}/${found.progress.total} ${JSON.stringify(found.error)}`,
      )
  }
}

export const reach = (client: Client, id: string, status: ImportStatus): Promise<ImportView> =>
  until(client, id, (v) => v.status === status, 200)

/** Waits until so many of a list's rows are done of a stage that still goes on. */
export const progress = (
  client: Client,
  id: string,
  { status, done, rows }: { status: ImportStatus; done: number; rows: number },
): Promise<ImportView> =>
  until(client, id, (v) => v.status === status && v.progress.done >= done && v.progress.done < rows, 30)

/** Kills a service with all that belongs to it and starts it again, for the same client. */
export async function crash(running: ServiceProcess, client: Client): Promise<void> {
  await running.kill()
  await running.start()
  client.base = running.url
}
