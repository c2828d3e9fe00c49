import type { AttachmentView } from '../changes/schema.ts'
import type { AttachmentDoc } from './model.ts'

/** An attachment as the API shows it. */
export const attachmentView = ({ _id, name, type, size }: AttachmentDoc): AttachmentView => ({
  id: _id.toHexString(),
  filename: name,
  type,
  size,
})
