import type { Language } from '../../accounts/schema.ts'
import type { ReportContent } from '../schema.ts'
import { createReportFormat } from './format.ts'
import { html } from './html.ts'
import { Numbers, type Paper } from './page.ts'
import { annex, basis, completeness, exceptions, signatures, verification } from './page-end.ts'
import { counties, figures, head, moved, summary } from './page-figures.ts'
import { reportStyle } from './style.ts'

/** A report as it is stored, or an extract of it. */
export interface Rendered {
  content: ReportContent
  /** of the whole content, in hex */
  digest: string
}

export interface RenderOptions {
  language: Language
  /** the part of the city that the content is an extract for, in words; null for the whole */
  scope: string | null
  /** under which people reach the service, without a slash at the end */
  publicUrl: string
  /** in which instants are written */
  timeZone: string
}

/**
 * A report as an HTML document that stands alone: no script, nothing fetched, pictures and styles inside; printed, it is
 * an A4 paper to be signed, sealed and filed. It depends on nothing but what is given, so that a frozen report always
 * gives the same document.
 */
export function renderReport({ content, digest }: Rendered, options: RenderOptions): string {
  const { language, scope, publicUrl, timeZone } = options
  const format = createReportFormat(language, timeZone)
  const base = publicUrl.replace(/\/+$/, '')
  const link = (path: string, query?: Record<string, string>) =>
    query ? `${base}${path}?${new URLSearchParams(query)}` : `${base}${path}`
  const paper: Paper = { content, format, scope, link, numbers: new Numbers(format) }
  const { words } = format
  const title = `${words.title(format.pick(content.city.name), words.kinds[content.kind])} ${content.number}`
  const page = [
    ...[head(paper), summary(paper), figures(paper), counties(paper), moved(paper)],
    ...[completeness(paper), exceptions(paper), basis(paper), verification(paper, digest)],
    ...[signatures(paper), annex(paper)],
  ]
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${reportStyle(content.number, words.page, language === 'en')}</style>
</head>
<body><main class="sheet">
${page}</main></body>
</html>
`.toString()
}
