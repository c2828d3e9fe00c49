import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const FOLDERS = ['server', 'client', 'jobs', 'scripts']
/** Characters that nobody writes: they come of text that was decoded by the wrong encoding. */
const GARBLED = /[\u0080-\u009f\ufffd]/
/** A comma of half the width between Chinese. */
const HALF_COMMA = /\p{Script=Han},\p{Script=Han}/u

const sources = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|tsx|mjs|css|html)$/.test(path) && !path.includes('node_modules'))
    .map((path) => join(folder, path)),
)
const linesLike = (pattern: RegExp): string[] =>
  sources.flatMap((path) =>
    readFileSync(join(ROOT, path), 'utf8')
      .split('\n')
      .flatMap((line, i) => (pattern.test(line) ? [`${path}:${i + 1}`] : [])),
  )

it('no text that people read is garbled', () => {
  expect(sources.length).toBeGreaterThan(400)
  expect(linesLike(GARBLED)).toEqual([])
})

it('Chinese has its own commas', () => {
  expect(linesLike(HALF_COMMA)).toEqual([])
})
