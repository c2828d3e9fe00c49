import type { Style } from './xlsx/styles.ts'

/** How the cells of the workbooks that we give out look. */

export const ERROR_FILL = 'FFC7CE'
export const WARNING_FILL = 'FFEB9C'

export const errorCell: Style = { fill: ERROR_FILL, border: true }
export const warningCell: Style = { fill: WARNING_FILL, border: true }
export const errorText: Style = { color: '9C0006', wrap: true }
export const warningText: Style = { color: '7F6000', wrap: true }
export const faultsHeader: Style = { bold: true, fill: 'F2F2F2', wrap: true, border: true }

export const title: Style = { bold: true, size: 14, centred: true }
export const header: Style = { bold: true, fill: 'DDEBF7', wrap: true, border: true, centred: true }
export const requiredHeader: Style = { ...header, color: 'C00000' }
export const text: Style = { format: '@' }
export const example: Style = { italic: true, color: '808080', format: '@' }
export const explanation: Style = { wrap: true }
export const framed: Style = { wrap: true, border: true, format: '@' }
