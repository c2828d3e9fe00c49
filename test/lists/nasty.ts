import { CELLS } from './nasty-cells.ts'
import { HOSTILE } from './nasty-hostile.ts'
import { PLATES } from './nasty-plates.ts'
import { SHEETS } from './nasty-sheets.ts'
import { TEXTS } from './nasty-texts.ts'
import type { NastyList } from './vehicles.ts'

export type { Expected, NastyList } from './vehicles.ts'

/** Every nasty list: one for each oddity and each attack, with what must come out. The same bytes' meaning every time. */
export const NASTY: readonly NastyList[] = [...SHEETS, ...CELLS, ...PLATES, ...TEXTS, ...HOSTILE]
