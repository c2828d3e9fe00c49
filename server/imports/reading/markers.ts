import { clean } from '../../domain/read-text.ts'

/**
 * What the workbooks that we give out say of themselves, so that they can come back: sheets that are no lists, rows
 * that are examples, and the column that names the faults.
 */

/** The first cell of a sheet that is not to be read as a list begins so. */
export const NOT_A_LIST = { 'zh-CN': '系统不读取本页', en: 'This page is not read by the system' } as const

/** The first cell of an example row, in the column 序号: see row-kinds.ts. */
export const EXAMPLE_ROW = { 'zh-CN': '示例', en: '示例 (Example)' } as const

/** Header of the column that tells what is wrong with each row. */
export const FAULTS_HEADER = { 'zh-CN': '问题与处理办法', en: 'Problem and what to do' } as const

const lower = (texts: Readonly<Record<string, string>>): string[] =>
  Object.values(texts).map((text) => text.toLowerCase())
const notAList = lower(NOT_A_LIST)
const faultsHeader = lower(FAULTS_HEADER)

/** True if a sheet says by its first cell that it is no list. Takes the text of A1. */
export function saysNotAList(text: string): boolean {
  const first = clean(text).toLowerCase()
  return notAList.some((mark) => first.startsWith(mark))
}

/** True if a header is that of the column of faults, in either language. */
export const isFaultsHeader = (header: string): boolean => faultsHeader.includes(clean(header).toLowerCase())
