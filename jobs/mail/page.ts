import { html, type Markup } from './html.ts'
import { DARK, S } from './style.ts'

/**
 * The page that every mail is: one card of at most 640 px, legible at 360, with a style sheet for dark pages only.
 * @param page.title what the reader sees where the mail is shown as a page
 * @param page.preview what a list of mails shows beside the subject; the first words of the mail unless told
 * @param content what stands in the card
 */
export function mailPage(
  page: { language: string; title: string; preview?: string },
  content: Markup,
): string {
  const { language, title, preview } = page
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${title}</title>
<style>${DARK}</style>
</head>
<body class="page" style="${S.page}">
${
  preview !== undefined &&
  html`<div style="${S.preheader}">${preview}</div>
`
}<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" class="page" style="${S.frame}"><tr><td align="center" style="padding:16px 8px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" class="card" style="${S.card}"><tr><td style="padding:20px 16px">
${content}
</td></tr></table>
</td></tr></table>
</body>
</html>
`.toString()
}
