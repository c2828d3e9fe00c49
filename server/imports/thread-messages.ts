import type { SheetHead } from './reading/index.ts'
import type { ImportNote } from './schema.ts'
import type { TemplateParams } from './writing/workbooks.ts'

/** What the service and its thread for lists say to each other. */

/** What the thread is started with. */
export interface ThreadSettings {
  mongodbUri: string
  /** how far the service's clock is from the machine's */
  clockOffsetMs: number
  timeZone: string
  rowLimit: number
  logLevel: string
  folder: string
}

/** What the top of a file says. */
export interface Peek {
  format: string
  encoding: string | null
  sheets: SheetHead[]
  notes: ImportNote[]
}

/** What the thread can be asked, with what and for what. */
export interface ThreadCalls {
  peek: { args: { file: string; filename: string }; answer: Peek }
  /** a list as it was sent, with its faults marked; whoever asks removes the file */
  errorsFile: { args: { id: string; language: string }; answer: { path: string } }
  /** counts anew what a list would move, where another version of the policy had counted it */
  countMoves: { args: { id: string }; answer: null }
  templateFile: { args: TemplateParams; answer: { path: string } }
}

export type Asked = {
  [K in keyof ThreadCalls]: { id: number; call: K; args: ThreadCalls[K]['args'] }
}[keyof ThreadCalls]
export type Request = Asked | { call: 'kick' } | { call: 'stop' }

export type Reply =
  | { id: number; answer: unknown }
  | { id: number; problem: { status: number; code: string; params: Record<string, string> } }
  | { id: number; fault: string }
  | { event: 'ready'; owner: string }
  | { event: 'changed'; list: string }
  | { event: 'idle' }
  | { event: 'alive' }
  | { event: 'stopped' }
