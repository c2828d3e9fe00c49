/** What the parts of a report's page share: whom it is made for, and how its tables and figures are numbered. */
import type { Language } from '../../accounts/schema.ts'
import type { ReportContent } from '../schema.ts'
import type { ReportChart } from './charts.ts'
import type { ReportFormat } from './format.ts'
import { html, type Markup } from './html.ts'

/** A part of the city that sees itself alone, with its name in the reader's language. */
export interface PaperScope {
  kind: 'county' | 'operator'
  name: string
}

/** A report to be put on paper, for one reader. */
export interface Paper {
  content: ReportContent
  format: ReportFormat
  /** the part of the city that it is an extract for; null for the whole */
  scope: PaperScope | null
  /** a page of the application, as an address that works on paper and in a file */
  link(path: string, query?: Record<string, string>): string
  numbers: Numbers
}

/** A report as it is stored, or an extract of it. */
export interface Rendered {
  content: ReportContent
  /** the one that the paper bears, in hex: of the whole report, or of an extract */
  digest: string
}

export interface RenderOptions {
  language: Language
  /** the part of the city that the content is an extract for; null for the whole */
  scope: PaperScope | null
  /** under which people reach the service, without a slash at the end */
  publicUrl: string
  /** in which instants are written */
  timeZone: string
}

/** Numbers sections, tables and figures in the order in which they are asked for. */
export class Numbers {
  private readonly format: ReportFormat
  private sections = 0
  private tables = 0
  private figures = 0

  constructor(format: ReportFormat) {
    this.format = format
  }

  section = (text: string): Markup => html`<h2>${this.format.words.section(++this.sections, text)}</h2>`
  table = (text: string): Markup =>
    html`<p class="caption">${this.format.words.table(++this.tables, text)}</p>`
  figure = (text: string): string => this.format.words.figure(++this.figures, text)
}

/** A cell: a number's, a short text's in the middle, or any. */
export const cell = (value: Markup | string | number, kind: 'n' | 'c' | 'id' | '' = ''): Markup =>
  kind === '' ? html`<td>${value}</td>` : html`<td class="${kind}">${value}</td>`

/** Tables of so few rows stay on one page. */
const SHORT = 8

/** A table whose head is repeated on every page; on a telephone it is pushed sideways, by keys too. @param looks `wide`, `tight`, `grouped` for rows that bring their own bodies */
export function table(
  label: string,
  heads: readonly (string | Markup)[],
  rows: readonly Markup[],
  looks = '',
): Markup {
  const head = heads.map((text) => html`<th scope="col">${text}</th>`)
  return html`<div class="scroll ${looks}${rows.length <= SHORT && ' short'}" role="region" tabindex="0" aria-label="${label}"><table><thead><tr>${head}</tr></thead>${looks.includes('grouped') ? rows : html`<tbody>${rows}</tbody>`}</table></div>
`
}

/** A figure: one picture, or several side by side. */
export function figure({ heading, key, across, pictures }: ReportChart, numbers: Numbers): Markup {
  const image = ({ svg, size, alt }: ReportChart['pictures'][number]) =>
    html`<img width="${size.width}" height="${size.height}" alt="${alt}" src="data:image/svg+xml;base64,${svg.toString('base64')}">`
  const caption = html`<figcaption>${numbers.figure(heading)}<small>${key}</small></figcaption>`
  if (across === 1)
    return html`<figure class="one">${caption}<div class="scroll" role="region" tabindex="0" aria-label="${heading}">${pictures.map(image)}</div></figure>
`
  const parts = pictures.map(
    (picture) => html`<div class="small"><p>${picture.title}</p>${image(picture)}</div>
`,
  )
  return html`<figure>${caption}<div class="grid across-${across}">${parts}</div></figure>
`
}

/** Addresses of the application's pages, under that by which people reach it. */
export function linkUnder(publicUrl: string): Paper['link'] {
  const base = publicUrl.replace(/\/+$/, '')
  return (path, query) => (query ? `${base}${path}?${new URLSearchParams(query)}` : `${base}${path}`)
}
