/** What a mail says, as data: both of its parts, HTML and text, are made from it, so that they say the same. */
import type { Language } from '../../../server/accounts/schema.ts'
import type { Picture } from '../../outbox/model.ts'

/** How a status looks; words always say it too. */
export type Tone = 'good' | 'warn' | 'bad' | 'calm'

/** A piece of a line. `\n` in its text begins a new line. */
export interface Span {
  text: string
  href?: string | null | undefined
  tone?: Tone | undefined
  strong?: boolean
  muted?: boolean
}

/** A line of text: plain, or in pieces. Whatever stands in it is escaped. */
export type Line = string | Span | readonly (string | Span)[]

/** A number or word large, and what it is small below it. */
export interface Tile {
  value: string
  label: string
  tone: Tone
}

export interface Column {
  text: string
  /** what a head that is short for want of space stands for */
  title?: string
  /** holds words, not numbers: at the left, and in as many lines as it takes */
  words?: boolean
}

export interface Row {
  /** the first at the left, the others at the right unless they are words */
  cells: readonly Line[]
  /** below the row, over its whole width */
  note?: Line | undefined
  /** a sum */
  strong?: boolean
}

export type Block =
  | { kind: 'heading'; text: string }
  | { kind: 'text'; text: Line; muted?: boolean }
  | { kind: 'list'; items: readonly Line[] }
  /** the state in one glance: a sentence, and what needs somebody */
  | { kind: 'status'; tone: Tone; headline: string; points: readonly Line[] }
  | { kind: 'tiles'; tiles: readonly Tile[] }
  | { kind: 'facts'; facts: readonly (readonly [name: string, value: Line])[] }
  /** @property dense many narrow columns of numbers, to fit a phone */
  | { kind: 'table'; columns: readonly Column[]; rows: readonly Row[]; dense?: boolean }
  /**
   * @property alt what the picture shows, with its values: it stands in the text part too
   * @property caption what its marks mean; of no use without the picture
   */
  | { kind: 'picture'; picture: Picture; alt: string; caption?: string }
  | { kind: 'button'; text: string; href: string }

export interface Footer {
  /** why the reader gets this mail */
  why: string
  notes?: readonly Line[]
  /** where the reader changes what is mailed to him */
  settings?: string | undefined
  /** one click ends it; the address is filled in for each recipient when the mail is sent */
  unsubscribe?: boolean
}

export interface MailContent {
  language: Language
  subject: string
  /** what a list of mails shows beside the subject */
  preheader: string
  /** who writes: the product's name */
  product: string
  title: string
  /** the day and state of what is said, small below the title */
  lead?: readonly string[]
  blocks: readonly Block[]
  footer: Footer
}

/** The pieces of a line. */
export const spansOf = (line: Line): readonly Span[] => {
  if (typeof line === 'string') return [{ text: line }]
  if (!('length' in line)) return [line]
  return line.map((piece) => (typeof piece === 'string' ? { text: piece } : piece))
}
