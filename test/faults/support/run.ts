import { type Db, MongoClient, ObjectId } from 'mongodb'
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

/** A list as it stands. */
export async function view(client: Client, id: string): Promise<ImportView> {
  const { status, body } = await client.get<ImportView>(`/imports/${id}`)
  if (status !== 200) throw new Error(`the list answered ${status} ${JSON.stringify(body)}`)
  return body
}

/** The list was past a moment before anybody saw it there. */
export class Missed extends Error {}

/** Asks for a list again and again until it is as wanted. @throws Missed when it comes to another end */
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
      throw new Missed(
        `the moment never came: ${found.status} ${found.progress.done}/${found.progress.total} ${JSON.stringify(found.error)}`,
      )
  }
}

export const reach = (client: Client, id: string, status: ImportStatus): Promise<ImportView> =>
  until(client, id, (v) => v.status === status, 200)

/**
 * Looks into the database as fast as it answers until it is so of a list that is being recorded or withdrawn.
 * @throws Missed when that has come to its end before
 */
export async function whenSo(
  running: ServiceProcess,
  id: string,
  isSo: (db: Db) => Promise<boolean>,
): Promise<void> {
  const mongo = new MongoClient(running.databaseUri())
  try {
    const db = mongo.db()
    while (!(await isSo(db))) {
      const list = await db.collection('imports').findOne({ _id: new ObjectId(id) })
      if (list?.status !== 'applying' && list?.status !== 'withdrawing')
        throw new Missed(`the moment never came: the list is ${list?.status}`)
    }
  } finally {
    await mongo.close()
  }
}

/** Tries anew what came too late for its moment, as a busy machine makes one, but not without end. */
export async function anewWhenMissed<T>(attempt: () => Promise<T>): Promise<T> {
  for (let left = 3; ; left--) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof Missed) || left === 0) throw error
    }
  }
}

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
