export { html, Markup } from '../../server/reports/face/html.ts'
