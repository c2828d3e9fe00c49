import type { Collection, Document, Filter } from 'mongodb'

/** So many keys are passed over in less time than a query takes. */
const FEW = 300

type Order = readonly [field: string, direction: 1 | -1]

/** A page of a collection in the order of an index. */
export interface OrderedRead {
  /** conditions, each an own query; the one of `order` may be among them */
  where: readonly Record<string, unknown>[]
  /** two fields with their directions, the second unique */
  order: readonly [Order, Order]
  /** the place behind which to go on: a value for each field of the order */
  after?: readonly [unknown, unknown] | undefined
  /** how many before that place are alike in the first field; not known: many */
  passed?: number | undefined
  limit: number
  /** the index to read by; left to the database where it is undefined */
  hint: Document | undefined
  /**
   * The fields of the index before the order have several values each: their ranges are merged, which a query of two
   * alternatives would keep the database from doing.
   */
  merged?: boolean
  projection?: Document | undefined
}

/**
 * Reads a page in order. Where it begins is found by the index, so that the thousandth page costs what the first does.
 */
export async function readOrdered<T extends Document>(
  collection: Collection,
  read: OrderedRead,
): Promise<T[]> {
  const { where, order, after, limit } = read
  if (!after) return find<T>(collection, read, [...where], limit)
  const [[first, down], [second, up]] = order
  const [value, id] = after
  const behind = (direction: 1 | -1, than: unknown) => ({ [direction === 1 ? '$gt' : '$lt']: than })
  const same = { [first]: value, [second]: behind(up, id) }
  const later = { [first]: behind(down, value) }
  if (!read.merged) return find<T>(collection, read, [...where, { $or: [same, later] }], limit)
  // All alike in the first field, which would keep the ranges from being merged if it were named.
  if (read.passed !== undefined && read.passed <= FEW) {
    // Passing over them is quicker than a second query.
    const upTo = { [first]: { [down === 1 ? '$gte' : '$lte']: value } }
    const rest = { $or: [later, { [second]: behind(up, id) }] }
    return find<T>(collection, read, [...where, upTo, rest], limit)
  }
  const [found, more] = await Promise.all([
    find<T>(collection, { ...read, order: [[second, up]] }, [...where, same], limit),
    find<T>(collection, read, [...where, later], limit),
  ])
  return [...found, ...more].slice(0, limit)
}

async function find<T extends Document>(
  collection: Collection,
  { order, hint, projection }: Pick<OrderedRead, 'hint' | 'projection'> & { order: readonly Order[] },
  and: Record<string, unknown>[],
  limit: number,
): Promise<T[]> {
  const filter = (and.length === 0 ? {} : { $and: and }) as Filter<Document>
  return withHint(hint, (by) =>
    collection
      .find<T>(filter, { ...by, ...(projection ? { projection } : {}) })
      .sort(order.map(([field, direction]) => [field, direction] as [string, 1 | -1]))
      .limit(limit)
      .batchSize(limit + 1)
      .toArray(),
  )
}

/**
 * How many of a list's items, up to its last one, are alike in the field that comes first in its order.
 * @param values of that field, of the items of a page
 * @param before the value behind which the page began, and how many were alike there
 */
export function alikeAtEnd(
  values: readonly string[],
  before?: { value: string | undefined; passed: number },
): number {
  const last = values.at(-1)
  const different = values.findLastIndex((value) => value !== last)
  const alike = values.length - 1 - different
  return different === -1 && before && before.value === last ? before.passed + alike : alike
}

/** Runs a query by an index; while the index is still being made after a start, without it. */
export async function withHint<T>(
  hint: Document | undefined,
  query: (options: { hint?: Document }) => Promise<T>,
): Promise<T> {
  if (!hint) return query({})
  try {
    return await query({ hint })
  } catch (error) {
    if (!(error instanceof Error && /\bhint\b/i.test(error.message))) throw error
    return query({})
  }
}
