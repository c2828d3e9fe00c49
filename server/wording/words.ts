/**
 * The shape of a translation: the same keys as the original, each a text. A key may have a `_one` beside it, for
 * languages that need a singular (i18next takes it when `count` is 1); Chinese needs none.
 */
export type Words<T> = {
  [K in keyof T]: T[K] extends string ? string : Words<T[K]>
} & {
  [K in keyof T & string as T[K] extends string ? `${K}_one` : never]?: string
}

/** The paths of all texts, as in `category.bus`. */
export type WordKey<T> = {
  [K in keyof T & string]: T[K] extends string ? K : `${K}.${WordKey<T[K]>}`
}[keyof T & string]
