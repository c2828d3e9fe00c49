import { ListProblem } from './problem.ts'

/** What a file is by its first bytes. */
export type Container = 'zip' | 'cfb' | 'biff' | 'text'

const MAGIC: readonly [string, string][] = [
  ['pdf', '255044462d'],
  ['image', '89504e47'],
  ['image', 'ffd8ff'],
  ['image', '47494638'],
  ['image', '424d'],
  ['image', '49492a00'],
  ['image', '4d4d002a'],
  ['archive', '526172211a07'],
  ['archive', '377abcaf271c'],
  ['archive', '1f8b'],
  ['program', '7f454c46'],
  ['program', '4d5a90'],
  ['document', '7b5c727466'],
  ['database', '53514c69746520666f726d6174'],
]

/** The kind of container, by content and never by name. Throws `import.empty`, `import.not-a-list`. */
export function sniff(bytes: Uint8Array): Container {
  if (bytes.length === 0) throw new ListProblem('import.empty')
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 4096))
  const hex = head.subarray(0, 16).toString('hex')
  if (hex.startsWith('504b0304') || hex.startsWith('504b0506')) return 'zip'
  if (hex.startsWith('d0cf11e0a1b11ae1')) return 'cfb'
  if (/^09(?:00|02|04|08)[0-9a-f]{2}00/.test(hex)) return 'biff'
  const known = MAGIC.find(([, magic]) => hex.startsWith(magic))
  if (known && !isTextLike(head)) throw new ListProblem('import.not-a-list', { found: known[0] })
  if (known && (known[0] === 'pdf' || known[0] === 'document')) {
    throw new ListProblem('import.not-a-list', { found: known[0] })
  }
  return 'text'
}

/** True if fewer than one byte in a hundred is a control character that text does not use. */
export function isTextLike(bytes: Uint8Array): boolean {
  const size = Math.min(bytes.length, 4096)
  let odd = 0
  for (let i = 0; i < size; i++) {
    const b = bytes[i] ?? 0
    if ((b < 0x20 && b !== 9 && b !== 10 && b !== 12 && b !== 13) || b === 0x7f) odd++
  }
  return odd * 100 <= size || odd <= 2
}
