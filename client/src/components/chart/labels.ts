/** The texts along a chart's edges: pure, so that they can be tested without one. */

/** The year, beneath its first month only: 48 months have no room for more. */
export const yearTick = (month: string): string => (month.endsWith('-01') ? month.slice(0, 4) : '')

/** A count along the edge, shortened where it is long. */
export const countTick = (value: number): string =>
  Number.isInteger(value) ? value.toLocaleString('en-US') : ''

/** A percentage along the edge. */
export const shareTick = (value: number): string => `${value}%`
