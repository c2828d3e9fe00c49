import type { Dimension } from '../domain/cells.ts'
import { regionByCode } from '../domain/regions.ts'
import { createWording, type Wording } from '../wording/index.ts'

/** A word in both languages. */
export interface Label {
  zh: string
  en: string
}

const zh = createWording('zh-CN')
const en = createWording('en')
const both = (word: (wording: Wording) => string): Label => ({ zh: word(zh), en: word(en) })

/**
 * What a part of a figure is called: the key itself where nobody knows better.
 * @param names operators' names by id
 */
export function labelOf(by: Dimension | 'month', key: string, names: ReadonlyMap<string, string>): Label {
  if (by === 'county') {
    const region = regionByCode(key)
    return region ? { zh: region.name, en: region.english } : { zh: key, en: key }
  }
  if (by === 'category' || by === 'energy') return both(({ label }) => label(by, key))
  const name = names.get(key) ?? key
  return { zh: name, en: name }
}
