import { z } from 'zod'
import { defineRoute } from '../http/route.ts'
import { paging } from '../http/schema.ts'
import { noticePage, seenNotices } from './schema.ts'
import type { NoticeService } from './service.ts'

/** What the signed-in account has been told. */
export const noticeRoutes = (notices: NoticeService) => [
  defineRoute({
    method: 'get',
    path: '/notices',
    summary: 'What one has been told of, newest first',
    permission: 'signed-in',
    query: paging,
    answer: noticePage,
    handle: ({ query, caller }) => notices.list(caller.id, query),
  }),
  defineRoute({
    method: 'post',
    path: '/notices/seen',
    summary: 'Mark notices as seen; without ids, all of them',
    permission: 'signed-in',
    audit: false,
    body: seenNotices,
    answer: z.object({ unseen: z.number().int() }),
    handle: async ({ body, caller, now }) => {
      await notices.markSeen(caller.id, body.ids, now)
      return { unseen: await notices.unseen(caller.id) }
    },
  }),
]
