import { zhCN } from '../../../../../server/wording/index.ts'
import type { Cells } from '../useMend.ts'

/** What the buttons write into a list's cells: the standard words, Chinese as the cells around them. */
export const WORDS = {
  stock: zhCN.kind.stock,
  added: zhCN.kind.added,
  replaced: zhCN.kind.replaced,
  retired: zhCN.kind.retired,
  transferred: zhCN.kind.transferred,
  /** takes an answer about a missing vehicle back */
  noAnswer: {
    kind: null,
    on: null,
    reason: null,
    certificate: null,
    toOperator: null,
    toCounty: null,
  } satisfies Cells,
} as const
