import { readFileSync } from 'node:fs'
import iconv from 'iconv-lite'
import { Random } from '../../server/sample/random.ts'
import { NASTY } from './nasty.ts'
import { unzip, zipOf } from './zip.ts'

/** Good lists damaged in ways that follow from a seed. */

export interface Mutant {
  name: string
  filename: string
  bytes: Buffer
}

const SAMPLES = [
  'bus-changes.xlsx',
  'errors.xlsx',
  'taxi-changes.csv',
  'taxi-stock.csv',
  'truck-stock.xls',
  'truck-changes.xlsx',
]
const MADE = [
  'two-lines.xlsx',
  'merged-down.xlsx',
  'formulas.xlsx',
  'rich.xlsx',
  'dates.xlsx',
  'old.xls',
  'export-html.xls',
  'xml.xls',
  'quoted.csv',
  'utf16.csv',
  'export.xls',
]

function originals(): Mutant[] {
  const sample = (name: string): Mutant => ({
    name,
    filename: name,
    bytes: readFileSync(new URL(`../fixtures/samples/${name}`, import.meta.url)),
  })
  const made = NASTY.filter((n) => MADE.includes(n.filename))
  return [
    ...SAMPLES.map(sample),
    ...made.map((n) => ({ name: n.filename, filename: n.filename, bytes: n.bytes() })),
  ]
}

type Damage = (bytes: Buffer, random: Random, others: readonly Mutant[]) => Buffer

const at = (random: Random, length: number): number => random.int(0, Math.max(0, length - 1))
const slice = (bytes: Buffer, random: Random): Buffer => {
  const start = at(random, bytes.length)
  return bytes.subarray(start, start + random.int(1, 4000))
}

/** Damage to bytes, whatever they are. */
const TO_BYTES: Readonly<Record<string, Damage>> = {
  flip(bytes, random) {
    const out = Buffer.from(bytes)
    for (let i = random.int(1, 30); i > 0; i--) {
      const place = at(random, out.length)
      out[place] = (out[place] ?? 0) ^ (1 << random.int(0, 7))
    }
    return out
  },
  cut: (bytes, random) => bytes.subarray(0, at(random, bytes.length)),
  double(bytes, random) {
    const place = at(random, bytes.length)
    return Buffer.concat([bytes.subarray(0, place), slice(bytes, random), bytes.subarray(place)])
  },
  drop(bytes, random) {
    const place = at(random, bytes.length)
    return Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + random.int(1, 2000))])
  },
  blank: (bytes, random) => {
    const place = at(random, bytes.length)
    return Buffer.from(bytes).fill(
      random.pick([0, 0x20, 0xff]),
      place,
      Math.min(bytes.length, place + random.int(1, 2000)),
    )
  },
  splice(bytes, random, others) {
    const place = at(random, bytes.length)
    return Buffer.concat([
      bytes.subarray(0, place),
      slice(random.pick(others).bytes, random),
      bytes.subarray(place),
    ])
  },
}

type TextDamage = (text: string, random: Random) => string

const replaceSome = (text: string, random: Random, pattern: RegExp, by: () => string): string =>
  text.replace(pattern, (found) => (random.chance(0.02) ? by() : found))
const HUGE = ['99999999999999999999', '-1', '1e308', '1e999', 'NaN', '0x7fffffff', '4294967296', '', '１２']

/** Damage to text. */
const TO_TEXT: Readonly<Record<string, TextDamage>> = {
  numbers: (text, random) => replaceSome(text, random, /\d+/g, () => random.pick(HUGE)),
  quotes: (text, random) =>
    replaceSome(text, random, /[,;\t">]/g, () => random.pick(['"', '""', "'", '"\n'])),
  separators: (text, random) =>
    replaceSome(text, random, /,/g, () => random.pick([';', '\t', '|', ',,', '\n', '\r'])),
  tags: (text, random) =>
    replaceSome(text, random, /<\/?[\w:]+/g, () =>
      random.pick([
        '',
        '<',
        '</',
        '<!--',
        '<![CDATA[',
        '<x',
        '</row',
        '<c',
        '<td rowspan="99999" colspan="99999"',
      ]),
    ),
  attributes: (text, random) =>
    replaceSome(text, random, /[\w:]+="[^"]*"/g, () =>
      random.pick([
        '',
        'r="XFD1048576"',
        'r="A0"',
        's="99999999"',
        't="s"',
        't="e"',
        'ref="A1:XFD1048576"',
        'hidden="1"',
        'r="-5"',
      ]),
    ),
  entities: (text, random) => {
    const place = at(random, text.length)
    const piece = random.pick([
      '<!DOCTYPE x [<!ENTITY a "b">]>',
      '&a;',
      '&#0;',
      '&#x110000;',
      '<?xml version="1.0"?>',
      '\u0000',
      '\ud800',
      ']]>',
    ])
    return text.slice(0, place) + piece + text.slice(place)
  },
  repeat: (text, random) => {
    const place = at(random, text.length)
    return (
      text.slice(0, place) +
      text.slice(place, place + random.int(1, 300)).repeat(random.int(2, 200)) +
      text.slice(place)
    )
  },
  shuffle: (text, random) => {
    const parts = text.split(random.pick(['\n', '</row>', '<', ',']))
    for (let i = 0; i < 5 && parts.length > 1; i++) {
      const [a, b] = [at(random, parts.length), at(random, parts.length)]
      const held = parts[a] ?? ''
      parts[a] = parts[b] ?? ''
      parts[b] = held
    }
    return parts.join(random.pick(['\n', '</row>', '<', ',']))
  },
}

/** Two encodings in one text. */
function mixEncodings(bytes: Buffer, random: Random): Buffer {
  const text = bytes.toString('utf8')
  const place = at(random, text.length)
  const encodings = ['utf8', 'gb18030', 'utf-16le', 'utf-16be']
  const first = iconv.encode(text.slice(0, place), random.pick(encodings), { addBOM: random.chance(0.3) })
  return Buffer.concat([first, iconv.encode(text.slice(place), random.pick(encodings))])
}

/** A zip with one of its parts damaged and everything else, checksums included, as it must be. */
function withinZip(bytes: Buffer, random: Random, damage: TextDamage): Buffer {
  const parts = unzip(bytes)
  const victims = parts.filter((p) => /sheet\d|sharedStrings|styles|workbook|rels/.test(p.name))
  const victim = random.chance(0.6) ? victims.find((p) => /sheet\d/.test(p.name)) : random.pick(victims)
  return zipOf(parts.map((p) => (p === victim ? { ...p, data: damage(p.data.toString('utf8'), random) } : p)))
}

/** Damaged lists: the same ones for the same seed. */
export function* mutants(seed: number, count: number): Generator<Mutant> {
  const random = new Random(seed)
  const good = originals()
  for (let i = 0; i < count; i++) {
    const original = random.pick(good)
    const isZip = original.bytes.readUInt32LE(0) === 0x04034b50
    const [how, damage] = random.pick(Object.entries(TO_BYTES))
    const [textHow, textDamage] = random.pick(Object.entries(TO_TEXT))
    const name = `${seed}-${i} ${original.filename}`
    const { filename } = original
    if (random.chance(isZip ? 0.3 : 0.4))
      yield { name: `${name} ${how}`, filename, bytes: damage(original.bytes, random, good) }
    else if (isZip)
      yield { name: `${name} xml ${textHow}`, filename, bytes: withinZip(original.bytes, random, textDamage) }
    else if (filename.endsWith('.xls') && original.bytes[0] === 0xd0) {
      yield {
        name: `${name} ${how} twice`,
        filename,
        bytes: damage(damage(original.bytes, random, good), random, good),
      }
    } else if (random.chance(0.2))
      yield { name: `${name} encodings`, filename, bytes: mixEncodings(original.bytes, random) }
    else {
      const text = iconv.decode(original.bytes, /stock|export/.test(filename) ? 'gb18030' : 'utf8')
      yield { name: `${name} text ${textHow}`, filename, bytes: Buffer.from(textDamage(text, random)) }
    }
  }
}
