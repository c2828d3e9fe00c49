import { codesWithin, theCity } from '../domain/regions.ts'

/**
 * The codes of a part of the city, for a query that goes along an index of counties: a county's own, and those of the
 * regions that lie in it. Undefined for the whole city, which needs no condition.
 */
export function codesOf(county: string | undefined): string[] | undefined {
  if (county === undefined || county === '' || theCity().code.startsWith(county)) return undefined
  return [...new Set([county, ...codesWithin(county)])]
}
