/** Reading of uploaded lists: see list-file.ts. */
export type { Column, Merge } from './head.ts'
export type { ListFile, ListRow, RawCell, RawRow, SheetHead } from './list.ts'
export { type OpenOptions, openListFile } from './list-file.ts'
export { NOTE_CODES, type NoteCode } from './notes.ts'
export { LIST_PROBLEMS, ListProblem, type ListProblemCode } from './problem.ts'
export type { SourceFormat } from './source.ts'
