import { may } from '../accounts/permissions.ts'
import type { DisputeModel } from '../disputes/model.ts'
import { visibleTo as disputesVisibleTo } from '../disputes/visible.ts'
import type { Caller } from '../http/route.ts'
import type { NoticeService } from '../notices/service.ts'
import { visibleTo } from './actions.ts'
import type { ImportModel } from './model.ts'

/** What waits for a caller, in counts. */
export interface Attention {
  /** lists that wait for the caller's decision */
  submitted: number
  /** the caller's lists that were returned */
  returned: number
  /** disputes that wait for the caller's decision */
  disputes: number
  /** notices not seen yet */
  notices: number
}

interface Parts {
  imports: ImportModel
  disputes: DisputeModel
  notices: NoticeService
}

/** Counts what waits for a caller, for the marks in the menu. */
export async function attentionOf(caller: Caller, { imports, disputes, notices }: Parts): Promise<Attention> {
  const decides = may(caller, 'import.decide')
  const own =
    caller.role === 'operator'
      ? { sentAs: 'operator' }
      : { 'sentBy.id': caller.id, sentAs: { $ne: 'operator' } }
  const lists = (more: Record<string, unknown>) =>
    imports.collection.countDocuments({ $and: [visibleTo(caller), more] } as never)
  const open = { $and: [disputesVisibleTo(caller), { status: 'open', 'by.id': { $ne: caller.id } }] }
  const [submitted, returned, waiting, unseen] = await Promise.all([
    decides ? lists({ status: 'submitted', sentAs: 'operator' }) : 0,
    lists({ status: 'rejected', ...own }),
    may(caller, 'dispute.decide') ? disputes.collection.countDocuments(open as never) : 0,
    notices.unseen(caller.id),
  ])
  return { submitted, returned, disputes: waiting, notices: unseen }
}
