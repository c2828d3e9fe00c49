import { changeModel } from './changes/model.ts'
import { readConfig } from './config.ts'
import { connectMongoose } from './database/connect.ts'
import { ensureIndexes } from './database/indexes.ts'
import { startDatabase } from './database/start.ts'
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
    console.log(
      `核对车辆 ${checked} 辆,差异 ${differences.length} 处 / ${checked} vehicles checked, ${differences.length} differed`,
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
