import { z } from 'zod'
import type { Touched } from '../audit/trail.ts'
import { type AttachmentView, addAttachment, attachment } from '../changes/schema.ts'
import { sendAttachment } from '../http/attachment.ts'
import { defineRoute } from '../http/route.ts'
import { objectId } from '../http/schema.ts'
import { receiveAttachment } from './receive.ts'
import type { Attachments } from './service.ts'

const fileTouched = ({ id, filename }: AttachmentView): Touched => ({
  target: { kind: 'attachment', id, label: filename },
})

const byId = z.object({ id: objectId })

/** Documents that go with ledger entries. */
export const attachmentRoutes = (attachments: Attachments) => [
  defineRoute({
    method: 'post',
    path: '/attachments',
    summary: 'Upload a document (PDF, JPEG or PNG, up to 10 MB) that a change is to take',
    permission: 'change.write',
    audit: 'attachment.send',
    multipart: true,
    status: 201,
    answer: attachment,
    handle: async ({ req, caller, now, audit }) => {
      const by = { id: caller.id, name: caller.name }
      const kept = await attachments.receive(await receiveAttachment(req), by, now)
      audit(fileTouched(kept))
      return kept
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/attachments/:id',
    summary: 'Remove one’s own upload that no change has taken',
    permission: 'change.write',
    audit: 'attachment.discard',
    params: byId,
    handle: async ({ params, caller, audit }) => {
      audit(fileTouched(await attachments.remove(params.id, { id: caller.id, name: caller.name })))
    },
  }),
  defineRoute({
    method: 'post',
    path: '/changes/:id/attachments',
    summary: 'Add a document to a recorded change',
    permission: 'change.write',
    audit: 'attachment.add',
    params: byId,
    body: addAttachment,
    status: 201,
    answer: z.object({ attachments: z.array(attachment) }),
    handle: async ({ params, body, caller, audit }) => {
      const by = { id: caller.id, name: caller.name }
      const all = await attachments.add(params.id, body.attachment, by, caller.scope)
      const added = all.find((file) => file.id === body.attachment)
      if (added) audit({ ...fileTouched(added), detail: { change: params.id } })
      return { attachments: all }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/changes/:id/attachments/:attachment',
    summary: 'A document of a change, to be saved, or with inline=true shown',
    permission: 'read',
    audit: 'attachment.read',
    params: byId.extend({ attachment: objectId }),
    query: z.object({ inline: z.stringbool().default(false) }),
    produces: 'application/octet-stream',
    handle: async ({ params, query, caller, res, audit }) => {
      const file = await attachments.read(params.id, params.attachment, caller.scope)
      audit({ ...fileTouched(file), detail: { change: params.id } })
      await sendAttachment(res, file, file.type, query.inline)
    },
  }),
]
