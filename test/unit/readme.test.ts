import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { SETTINGS } from '../../server/config.ts'

const at = (path: string) => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8')
const readme = at('README.md')
const manifest = JSON.parse(at('package.json')) as Record<
  'scripts' | 'dependencies' | 'devDependencies',
  Record<string, string>
>

describe('the README', () => {
  it('names only commands that there are', () => {
    const named = [...readme.matchAll(/npm (?:run (\S+?)|(start|test))(?=[`\s])/g)].map(
      (m) => m[1] ?? m[2] ?? '',
    )
    expect(named.length).toBeGreaterThan(5)
    for (const name of named) expect(Object.keys(manifest.scripts)).toContain(name)
  })

  it('explains every setting', () => {
    for (const name of SETTINGS) expect(readme).toContain(`\`${name}\``)
  })

  it('gives a reason for every dependency', () => {
    const table = readme.slice(readme.indexOf('## Dependencies'))
    const names = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)]
    for (const name of names.filter((n) => !n.startsWith('@types/'))) expect(table).toContain(name)
  })
})
