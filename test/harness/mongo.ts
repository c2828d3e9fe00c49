/**
 * The database of a test run. As vitest's `globalSetup` this file starts one throw-away database and gives its
 * address as `mongoUri`; the tests take databases of their own in it with `freshDatabase()`.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mongo } from 'mongoose'
import { startDatabase } from '../../server/database/start.ts'
import { builtService } from './built.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    mongoUri: string
    /** program of the service's thread for lists */
    importThread: string
  }
}

/** Starts the database of the run. @returns what ends it and removes its files */
export default async function setup(project: {
  provide(key: 'mongoUri' | 'importThread', value: string): void
}): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'fleet-test-'))
  const database = await startDatabase({
    dataDir,
    uri: process.env.TEST_MONGODB_URI,
    // Said at once: all that comes after it fails with a time-out that names no cause.
    onExit: (reason) => process.stderr.write(`\nTHE TESTS' DATABASE IS GONE: ${reason}\n`),
  })
  project.provide('mongoUri', database.uri)
  project.provide('importThread', (await builtService()).importThread)
  return async () => {
    await database.stop()
    await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
}

/** An empty database: where it is, what it is called, and how to remove it. */
export interface FreshDatabase {
  uri: string
  name: string
  drop(): Promise<void>
}

/** A database that nobody else uses, in the one that the run started. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const { inject } = await import('vitest')
  const name = `t_${randomBytes(8).toString('hex')}`
  const uri = withDatabase(inject('mongoUri'), name)
  return {
    uri,
    name,
    async drop() {
      const client = new mongo.MongoClient(uri)
      try {
        await client.db(name).dropDatabase()
      } finally {
        await client.close()
      }
    },
  }
}

/** The same address with another database. */
export function withDatabase(uri: string, name: string): string {
  const match = /^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?(\?.*)?$/.exec(uri)
  if (!match) throw new Error(`not a MongoDB address: ${uri}`)
  return `${match[1]}/${name}${match[2] ?? ''}`
}
