import { type Model, Types } from 'mongoose'
import { z } from 'zod'
import { decodeCursor, pageFrom } from '../server/http/cursor.ts'
import { Problem } from '../server/http/problem.ts'
import { objectId } from '../server/http/schema.ts'

/** How much of a list, and from where on. */
export interface PageQuery {
  limit: number
  cursor?: string | undefined
}

/** The id at which a cursor stands. @throws Problem 400 when it is not one of ours */
function idOf(cursor: string): Types.ObjectId {
  const id = z.string().safeParse(decodeCursor(cursor, 1)[0]).data
  if (!objectId.safeParse(id).success)
    throw new Problem(400, 'request.invalid', 'The cursor is not one of this list')
  return new Types.ObjectId(id)
}

/** A list is counted up to here: to count on would take longer than to read its page. */
const COUNTED = 10_000

/** A page of a model's documents, newest first; `total` is left out where there are too many to be counted. */
export async function newestFirst<Doc extends { _id: Types.ObjectId }, View>(
  model: Model<Doc>,
  query: PageQuery,
  view: (doc: Doc) => View,
  { filter = {}, projection = {} }: { filter?: object; projection?: object } = {},
): Promise<{ items: View[]; nextCursor: string | null; total?: number }> {
  const before = query.cursor ? { _id: { $lt: idOf(query.cursor) } } : {}
  const found = (await model.collection
    .find({ ...filter, ...before }, { projection })
    .sort({ _id: -1 })
    .limit(query.limit + 1)
    .toArray()) as unknown as Doc[]
  const { items, nextCursor } = pageFrom(found, query.limit, (doc) => [doc._id.toHexString()])
  const page = { items: items.map(view), nextCursor }
  // Of all there are the database knows the number.
  if (Object.keys(filter).length === 0)
    return { ...page, total: await model.collection.estimatedDocumentCount() }
  const total = await model.collection.countDocuments(filter, { limit: COUNTED + 1 })
  return total > COUNTED ? page : { ...page, total }
}
