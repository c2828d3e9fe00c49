export { CHART_FONT, registerFonts } from '../../server/reports/face/fonts.ts'
