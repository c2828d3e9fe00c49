/** Reading of uploaded lists: see open-list.ts. */
export type { ListFormat } from './grid.ts'
export type { Column } from './head.ts'
export type { List, ListHead, ListRow } from './list.ts'
export { type OpenOptions, openList, peekList } from './open-list.ts'
export { LIST_PROBLEMS, ListProblem, type ListProblemCode } from './problem.ts'
