import { auditModel } from './audit/model.ts'
import { changeModel } from './changes/model.ts'
import { readConfig } from './config.ts'
import { connectMongoose } from './database/connect.ts'
import { startDatabase } from './database/start.ts'
import { isCivilDate } from './domain/civil-date.ts'
import { reportModel } from './reports/model.ts'
import { tellReports, verifyReports } from './reports/verify.ts'
import { knownChains, type NotedChain } from './seals/known.ts'
import { leafModel, sealModel } from './seals/model.ts'
import { tellVerification } from './seals/tell.ts'
import { verifyLedger } from './seals/verify-ledger.ts'

const USAGE =
  '用法 Usage: npm run verify [-- 日期=链值 …], e.g. npm run verify -- 2026-11-22=9f2c… (a chain value noted elsewhere)'

/**
 * `npm run verify`: compares the ledger with its daily seals, and the reports with their digests, and names what was
 * altered behind the application's back.
 * Chain values that were noted elsewhere can be given as `day=value`. Ends with 1 when anything was altered, with 2
 * when it could not verify.
 */
async function main(): Promise<void> {
  const noted = readNoted(process.argv.slice(2).filter((word) => word !== 'verify'))
  const config = readConfig(process.env)
  const database = await startDatabase({ uri: config.mongodbUri, dataDir: config.dataDir })
  const connection = await connectMongoose(database.uri)
  try {
    const audit = auditModel(connection)
    const found = await verifyLedger({
      changes: changeModel(connection),
      seals: sealModel(connection),
      leaves: leafModel(connection),
      known: knownChains(audit, noted),
    })
    for (const line of tellVerification(found)) console.log(line)
    const reports = await verifyReports(reportModel(connection), audit)
    for (const line of tellReports(reports)) console.log(line)
    if (found.found + reports.findings.length > 0) process.exitCode = 1
  } finally {
    await connection.close()
    await database.stop()
  }
}

function readNoted(words: readonly string[]): NotedChain[] {
  return words.map((word) => {
    const [day = '', chain = ''] = word.split('=')
    if (isCivilDate(day) && /^[0-9a-f]{64}$/.test(chain)) return { day, chain }
    throw new Error(USAGE)
  })
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exit(2)
})
