import type { Policy, Region } from './policy.ts'

export type { Region } from './policy.ts'

/**
 * The city's regions, as the policy in force names them: the registry that every part of a process looks them up in.
 * It is empty until `setRegions` fills it, and filled again when a new version of the policy is noticed.
 */

let places: readonly Region[] = []
let city: Policy['city'] | undefined
let byCode = new Map<string, Region>()
/** by any wording, in upper case; several where a name stands for more than one place */
let byName = new Map<string, Region[]>()
/** each region's wordings, in upper case */
let namesOf = new Map<Region, readonly string[]>()
/** what may stand before a name, longest first */
let prefixes: string[] = []
const answers = new Map<string, Region | undefined>()
const KEPT_ANSWERS = 10_000
/** No wording of a place is longer, those of all the places that it lies in before it; in characters. */
const LONGEST = 200

const bare = (text: string): string => text.normalize('NFKC').replace(/\s/g, '').toUpperCase()

/** Makes a policy's city and regions those that are known from now on, everywhere in this process. */
export function setRegions(policy: Pick<Policy, 'city' | 'regions'>): void {
  places = policy.regions
  city = policy.city
  byCode = new Map(places.map((r) => [r.code, r]))
  namesOf = new Map(places.map((r) => [r, [...new Set([r.name, ...r.aliases].map(bare))]]))
  byName = new Map()
  for (const [region, names] of namesOf)
    for (const name of names) byName.set(name, [...(byName.get(name) ?? []), region])
  prefixes = policy.city.prefixes
    .map(bare)
    .filter((prefix) => prefix !== '')
    .sort((a, b) => b.length - a.length)
  answers.clear()
}

/** The city's regions, in the policy's order. */
export const allRegions = (): readonly Region[] => places

/** The city that the policy governs. @throws Error before `setRegions` */
export function theCity(): Policy['city'] {
  if (!city) throw new Error('No policy has named the regions yet')
  return city
}

/** The region with a code, or undefined. */
export const regionByCode = (code: string): Region | undefined => byCode.get(code)

/** True for a code that the policy names. */
export const isRegionCode = (code: string): boolean => byCode.has(code)

/**
 * The region that a list means: by code (also by a statutory code that nests below), by full name, short or former
 * name, or by a name behind those of the places that it lies in (province, city, county). Undefined when it names none
 * of the city's regions, or more than one, and for more than 200 characters, which no place needs.
 */
export function readRegion(text: string): Region | undefined {
  if (text.length > LONGEST) return undefined
  if (answers.has(text)) return answers.get(text)
  const plain = bare(text)
  const region = byCode.get(plain) ?? readName(plain, places) ?? readLongCode(plain)
  if (text.length <= 64) {
    if (answers.size >= KEPT_ANSWERS) answers.clear()
    answers.set(text, region)
  }
  return region
}

/** Statutory codes have six digits for a county, and three more for each level below (GB/T 2260, GB/T 10114). */
function readLongCode(plain: string): Region | undefined {
  if (!/^\d{6}(?:\d{3}){0,2}$/.test(plain)) return undefined
  for (let length = plain.length; length >= 6; length -= 3) {
    const known = byCode.get(plain.slice(0, length))
    if (known) return known
  }
  return undefined
}

function readName(text: string, among: readonly Region[]): Region | undefined {
  if (text === '') return undefined
  const named = (byName.get(text) ?? []).filter((r) => among.includes(r))
  if (named.length > 0) return named.length === 1 ? named[0] : undefined
  const prefix =
    among === places ? prefixes.find((p) => text.length > p.length && text.startsWith(p)) : undefined
  if (prefix !== undefined) {
    const behind = readName(text.slice(prefix.length), places)
    if (behind) return behind
  }
  const found = new Set<Region>()
  for (const outer of among) {
    const name = namesOf.get(outer)?.find((n) => text.startsWith(n) && n !== text)
    if (name === undefined) continue
    const inner = among.filter((r) => r !== outer && liesIn(r.code, outer.code))
    const behind = inner.length > 0 ? readName(text.slice(name.length), inner) : undefined
    if (behind) found.add(behind)
  }
  return found.size === 1 ? [...found][0] : undefined
}

/** True if a code lies in a region: a county's code lies in itself, in its city's and in its province's. */
export const liesIn = (code: string, within: string): boolean => code.startsWith(within)

/** The codes of the regions that lie in one: all of a city, itself and what is below for a county, none for a code nobody knows. */
export const codesWithin = (within: string): string[] =>
  places.filter((r) => liesIn(r.code, within)).map((r) => r.code)
