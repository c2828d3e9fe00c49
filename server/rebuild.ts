import { LedgerClock } from './changes/ledger-clock.ts'
import { changeModel } from './changes/model.ts'
import { Closings } from './compliance/closings.ts'
import { differenceLine, TallyCheck } from './compliance/tally-check.ts'
import { LedgerViews } from './compliance/views.ts'
import { readConfig } from './config.ts'
import { connectMongoose } from './database/connect.ts'
import { ensureIndexes } from './database/indexes.ts'
import { startDatabase } from './database/start.ts'
import { policyModel } from './policies/model.ts'
import { Policies } from './policies/service.ts'
import { QualityCheck, qualityDifferenceLine } from './quality/check.ts'
import { KeptMonths } from './quality/kept-months.ts'
import { QualityViews } from './quality/views.ts'
import { vehicleModel } from './vehicles/model.ts'
import { rebuildVehicles } from './vehicles/rebuild.ts'

/** `npm run rebuild`: makes anew what is derived from the ledger, and says what differed. */
async function main(): Promise<void> {
  const config = readConfig(process.env)
  const database = await startDatabase({ uri: config.mongodbUri, dataDir: config.dataDir })
  const connection = await connectMongoose(database.uri)
  try {
    const changes = changeModel(connection)
    const vehicles = vehicleModel(connection)
    await ensureIndexes(connection)
    const { checked, differences } = await rebuildVehicles(changes, vehicles)
    for (const line of differences) console.log(line)
    const { timeZone } = config
    const clock = new LedgerClock(connection)
    const policies = new Policies(policyModel(connection), config.policy)
    await policies.start()
    const closings = new Closings(connection, timeZone)
    const views = new LedgerViews({ changes, policies, closings, clock })
    const tallies = await new TallyCheck({ changes, clock, closings, views, policies }).check(new Date())
    const kept = new KeptMonths(connection)
    const qualityViews = new QualityViews({ changes, kept, closings, timeZone })
    const quality = await new QualityCheck({
      ...{ changes, clock, closings, policies, kept, views: qualityViews, timeZone },
    }).check(new Date())
    policies.stop()
    for (const difference of quality.differences) console.log(qualityDifferenceLine(difference))
    for (const difference of tallies.differences) console.log(differenceLine(difference))
    console.log(
      `核对车辆 ${checked} 辆，差异 ${differences.length} 处 / ${checked} vehicles checked, ${differences.length} differed`,
    )
    console.log(
      `复算汇总 ${tallies.sums} 项，差异 ${tallies.differences.length} 处 / ${tallies.sums} sums added up again, ` +
        `${tallies.differences.length} differed`,
    )
    console.log(
      `复算数据质量 ${quality.sums} 项，差异 ${quality.differences.length} 处 / ${quality.sums} counts of the data quality ` +
        `made again, ${quality.differences.length} months differed`,
    )
  } finally {
    await connection.close()
    await database.stop()
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
})
