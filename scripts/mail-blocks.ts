/**
 * Makes `jobs/mail/kit/blocks.json` from `blocks.mjml`: MJML works out the layout once, here, so that composing a
 * mail is filling in and neither the service's start nor its bundle knows of MJML. Run it after an edit:
 * `node --import tsx scripts/mail-blocks.ts`. A test says when it was forgotten.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import mjml2html from 'mjml'

const KIT = new URL('../jobs/mail/kit/', import.meta.url)

/** What surrounds a mail's blocks, and each block, with `{{places}}` to fill. */
export interface CompiledBlocks {
  before: string
  after: string
  blocks: Record<string, string>
}

/** Works out the layout. @throws when MJML finds a fault in it, or a mark is missing */
export async function compileBlocks(): Promise<CompiledBlocks> {
  const source = await readFile(new URL('blocks.mjml', KIT), 'utf8')
  const { html } = await mjml2html(source, { keepComments: true, validationLevel: 'strict' })
  const tight = html.replace(/\s*\n\s*/g, '\n').replace(/>\s+</g, '><')
  const [before, rest = ''] = tight.split('<!--content-->')
  const [content = '', after] = rest.split('<!--/content-->')
  if (before === undefined || after === undefined) throw new Error('blocks.mjml has no content marks')
  const found = content.matchAll(/<!--block:(\w+)-->([\s\S]*?)<!--\/block:\1-->/g)
  return {
    ...{ before: before.trim(), after: after.trim() },
    blocks: Object.fromEntries([...found].map(([, name, block]) => [name, block?.trim()])),
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const compiled = await compileBlocks()
  await writeFile(new URL('blocks.json', KIT), `${JSON.stringify(compiled, null, 2)}\n`)
}
