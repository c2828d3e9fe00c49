import type { z } from 'zod'
import type { decided } from '../../../server/disputes/schema.ts'
import type { noticePage } from '../../../server/notices/schema.ts'

/** What waits for the caller. */
export interface Attention {
  /** lists to decide; an operator's own that are being decided */
  submitted: number
  /** lists that came back */
  returned: number
  /** disputes to decide; an operator's own that are open */
  disputes: number
  /** unseen notices */
  notices: number
}

export type NoticePage = z.infer<typeof noticePage>
export type DisputeDecided = z.infer<typeof decided>
