/** A county-level division, or a functional area that the city reports like one. */
export interface Region {
  /** GB/T 2260 code; a functional area without a statutory code has one of our own that nests below the city. */
  code: string
  name: string
  english: string
  /** Other wordings seen in lists. */
  aliases: string[]
  statutory: boolean
}

/** Nanping, 3507. */
export const CITY = { code: '3507', name: '南平市', english: 'Nanping' } as const

const region = (code: string, name: string, english: string, ...aliases: string[]): Region => ({
  code,
  name,
  english,
  aliases,
  statutory: /^\d+$/.test(code),
})

/**
 * The city's counties, in the order of their codes (GB/T 2260). 武夷新区 has no statutory code; `3507WY` is ours.
 * The short name 武夷 alone is used for 武夷山市 in the lists that companies keep.
 */
export const REGIONS: readonly Region[] = [
  region('350702', '延平区', 'Yanping', '延平'),
  region('350703', '建阳区', 'Jianyang', '建阳'),
  region('350721', '顺昌县', 'Shunchang', '顺昌'),
  region('350722', '浦城县', 'Pucheng', '浦城'),
  region('350723', '光泽县', 'Guangze', '光泽'),
  region('350724', '松溪县', 'Songxi', '松溪'),
  region('350725', '政和县', 'Zhenghe', '政和'),
  region('350781', '邵武市', 'Shaowu', '邵武'),
  region('350782', '武夷山市', 'Wuyishan', '武夷山', '武夷'),
  region('350783', '建瓯市', "Jian'ou", '建瓯'),
  region('3507WY', '武夷新区', 'Wuyi New Area', '南平市武夷新区'),
]

const byCode = new Map(REGIONS.map((r) => [r.code, r]))
const byName = new Map(REGIONS.flatMap((r) => [r.name, ...r.aliases].map((name) => [name, r] as const)))

/** The region with a code, or undefined. */
export const regionByCode = (code: string): Region | undefined => byCode.get(code)

/** True for a code that the product knows. */
export const isRegionCode = (code: string): boolean => byCode.has(code)

/**
 * The region that a list means: by code (six digits, or longer codes that nest below), full name, short name,
 * or a full name behind the province's and city's. Undefined when it names none of the city's counties.
 */
export function readRegion(text: string): Region | undefined {
  const plain = text.normalize('NFKC').replace(/\s/g, '')
  const digits = /^(\d{6})(?:\d{3}|\d{6})?$/.exec(plain)
  if (digits?.[1]) return byCode.get(digits[1])
  const name = plain.replace(/^福建省?/, '').replace(/^南平市?(?=.)/, '')
  return byCode.get(plain.toUpperCase()) ?? byName.get(plain) ?? byName.get(name)
}

/** True if a code lies in a region: `350702` lies in `350702`, `3507` and `35`. */
export const liesIn = (code: string, within: string): boolean => code.startsWith(within)

/** The codes of the regions that lie in one: all of `3507`, itself alone for a county, none for a code nobody knows. */
export const codesWithin = (within: string): string[] =>
  REGIONS.filter((r) => liesIn(r.code, within)).map((r) => r.code)
