import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NASTY } from './nasty.ts'

/** Writes the nasty lists into a folder: `node --import tsx test/lists/write.ts FOLDER`. */

const folder = process.argv[2]
if (folder === undefined) {
  console.error('Usage: node --import tsx test/lists/write.ts FOLDER')
  process.exitCode = 1
} else {
  mkdirSync(folder, { recursive: true })
  for (const { filename, bytes } of NASTY) writeFileSync(join(folder, filename), bytes())
  console.log(`${NASTY.length} lists in ${folder}`)
}
