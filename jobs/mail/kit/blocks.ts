/** The blocks that MJML worked out (blocks.mjml), filled in. */
import { html, Markup } from '../html.ts'
import compiled from './blocks.json' with { type: 'json' }

export type BlockName = keyof typeof compiled.blocks
type Places = Readonly<Record<string, Markup | string | number>>

/** Fills a template's places; what is no markup is escaped. @throws Error for a place that nothing is given for */
function fill(template: string, places: Places): Markup {
  return new Markup(
    template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
      const value = places[name]
      if (value === undefined) throw new Error(`nothing is given for the place ${name}`)
      return html`${value}`.text
    }),
  )
}

/** A block with its places filled. */
export const block = (name: BlockName, places: Places): Markup => fill(compiled.blocks[name], places)

/** The whole page around a mail's blocks. */
export const page = (places: Places, content: Markup): string =>
  fill(compiled.before, places).text + content.text + fill(compiled.after, places).text
