import { open, stat } from 'node:fs/promises'
import { openCsv } from './csv-source.ts'
import { isHtml, openHtml } from './html-source.ts'
import { ListProblem } from './problem.ts'
import { sniff } from './sniff.ts'
import type { ListSource } from './source.ts'
import { openText } from './text-file.ts'
import { openXls } from './xls-source.ts'
import { openXlsx } from './xlsx-source.ts'
import { isXmlSpreadsheet, openXmlSpreadsheet } from './xml-source.ts'

/** Opens a file with the reader for its kind, which is told by its content. Throws ListProblem and others. */
export async function openSource(path: string): Promise<ListSource> {
  const container = sniff(await startOf(path))
  if (container === 'zip') return openXlsx(path)
  if (container !== 'text') return openXls(path)
  const text = await openText(path)
  try {
    if (isXmlSpreadsheet(text.start)) return await openXmlSpreadsheet(text)
    return await (isHtml(text.start) ? openHtml(text) : openCsv(text))
  } catch (error) {
    await text.close()
    throw error
  }
}

async function startOf(path: string): Promise<Buffer> {
  if ((await stat(path)).size === 0) throw new ListProblem('import.empty')
  const file = await open(path, 'r')
  try {
    const buffer = Buffer.alloc(4096)
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
