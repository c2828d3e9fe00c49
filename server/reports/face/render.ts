import { setImmediate as othersTurn } from 'node:timers/promises'
import { createReportFormat } from './format.ts'
import { html, type Markup } from './html.ts'
import { linkUnder, Numbers, type Paper, type Rendered, type RenderOptions } from './page.ts'
import { annex, basis, completeness, exceptions, signatures, verification } from './page-end.ts'
import { counties, figures, head, moved, summary } from './page-figures.ts'
import { reportStyle } from './style.ts'

/**
 * A report as an HTML document that stands alone: no script, nothing fetched, pictures and styles inside; printed, it is
 * an A4 paper to be signed, sealed and filed. It depends on nothing but what is given, so that a frozen report always
 * gives the same document.
 */
export async function renderReport({ content, digest }: Rendered, options: RenderOptions): Promise<string> {
  const { language, scope, publicUrl, timeZone } = options
  const format = createReportFormat(language, timeZone)
  const paper: Paper = { content, format, scope, link: linkUnder(publicUrl), numbers: new Numbers(format) }
  const { words } = format
  const title = `${words.title(format.pick(content.city.name), words.kinds[content.kind])} ${content.number}`
  const parts = [head, summary, figures, counties, moved, completeness, exceptions, basis]
  const page: Markup[] = []
  for (const part of [...parts, (paper: Paper) => verification(paper, digest), signatures, annex]) {
    page.push(part(paper))
    // Charts take a while to draw.
    await othersTurn()
  }
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
