/**
 * `npm run bench`: every figure is a ratio of two things measured in turn in this run on this machine; only the
 * ratios mean anything elsewhere. Ends with 1 when one is over its limit.
 *
 * `npm run bench -- csv rows` measures those parts only; `BENCH_ROWS` makes the lists shorter or longer,
 * `BENCH_VEHICLES` the register, `BENCH_CHANGES` the ledger, `BENCH_MAILS` the mails of a report.
 */
import { cpus } from 'node:os'
import { benchCompliance } from './compliance.ts'
import { benchJobs } from './jobs.ts'
import { benchMails } from './mails.ts'
import { allWithin } from './measure.ts'
import { benchMillion } from './million.ts'
import { benchRegister } from './register.ts'
import { benchRows } from './rows.ts'
import { benchStart } from './start.ts'
import { benchTallies } from './tallies.ts'
import { benchUpload } from './upload.ts'
import { inWorld } from './world.ts'

const PARTS = ['start', 'csv', 'xlsx', 'rows', 'register', 'tallies', 'mails', 'jobs', 'million'] as const
const ROWS = Number(process.env.BENCH_ROWS ?? 100_000)

async function main(): Promise<void> {
  const asked = process.argv.slice(2)
  const unknown = asked.filter((part) => !PARTS.some((p) => p === part))
  if (unknown.length > 0) throw new Error(`no part ${unknown.join(', ')}; there are ${PARTS.join(', ')}`)
  const wants = (part: (typeof PARTS)[number]) => asked.length === 0 || asked.includes(part)

  console.log(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}`)
  if (wants('start')) await benchStart()
  let peakMb = 0
  if (wants('csv') || wants('million')) {
    peakMb = await inWorld(async (world) => {
      const peak = await benchUpload(world, ROWS, 'csv')
      await benchCompliance(world.client, world.mongoUri, ROWS)
      return peak
    })
  }
  if (wants('xlsx')) await inWorld((world) => benchUpload(world, ROWS, 'xlsx'))
  if (wants('rows')) await inWorld((world) => benchRows(world, ROWS))
  if (wants('register')) await benchRegister()
  if (wants('tallies')) await benchTallies()
  if (wants('mails')) await benchMails()
  if (wants('jobs')) await benchJobs()
  if (wants('million')) await benchMillion(10 * ROWS, peakMb)
}

await main()
process.exit(allWithin() ? 0 : 1)
