// `npm run dev`: the service from source, restarted at every change, and the browser application with hot reload.
import { spawn } from 'node:child_process'
import { createServer } from 'vite'

const service = spawn(process.execPath, ['--watch', '--import', 'tsx', 'server/main.ts'], {
  stdio: 'inherit',
})
const client = await createServer({ configFile: 'vite.config.ts' })
await client.listen()
client.printUrls()

const stop = async () => {
  service.kill('SIGTERM')
  await client.close()
  process.exit(0)
}
process.on('SIGINT', stop)
process.on('SIGTERM', stop)
service.on('exit', (code) => code && process.exit(code))
