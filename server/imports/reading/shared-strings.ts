import { ListProblem } from './problem.ts'
import { MAX_TEXT } from './source.ts'
import { readXml, unescapeText } from './xml.ts'

/** The texts that a workbook's cells share, kept outside the heap: there may be a million of them. */

const SEGMENT = 4 * 1024 ** 2
const MAX_BYTES = 256 * 1024 ** 2
const MAX_STRINGS = 10_000_000
const CACHED = 8192

export class SharedStrings {
  private readonly segments: Buffer[] = []
  private used = SEGMENT
  private starts = new Uint32Array(1024)
  private lengths = new Uint32Array(1024)
  private readonly cachedIndex = new Int32Array(CACHED).fill(-1)
  private readonly cachedText: string[] = []
  length = 0

  /** Adds a text. Throws `import.too-large` beyond 256 MiB or ten million texts. */
  add(text: string): void {
    if (this.length >= MAX_STRINGS) throw new ListProblem('import.too-large', { texts: String(MAX_STRINGS) })
    let segment = this.segments.at(-1)
    if (segment === undefined || this.used + text.length * 3 > SEGMENT) {
      if ((this.segments.length + 1) * SEGMENT > MAX_BYTES) {
        throw new ListProblem('import.too-large', { bytes: String(MAX_BYTES) })
      }
      // grown by need: most lists have few texts
      segment = Buffer.allocUnsafeSlow(SEGMENT)
      this.segments.push(segment)
      this.used = 0
    }
    if (this.length === this.starts.length) {
      this.starts = grown(this.starts)
      this.lengths = grown(this.lengths)
    }
    const bytes = segment.write(text, this.used, 'utf8')
    this.starts[this.length] = (this.segments.length - 1) * SEGMENT + this.used
    this.lengths[this.length] = bytes
    this.used += bytes
    this.length++
  }

  /** The text of an index, or undefined when there is none. */
  get(index: number): string | undefined {
    if (!(index >= 0 && index < this.length)) return undefined
    const slot = index % CACHED
    if (this.cachedIndex[slot] === index) return this.cachedText[slot]
    const start = this.starts[index] ?? 0
    const offset = start % SEGMENT
    const text = this.segments[Math.floor(start / SEGMENT)]?.toString(
      'utf8',
      offset,
      offset + (this.lengths[index] ?? 0),
    )
    if (text !== undefined) {
      this.cachedIndex[slot] = index
      this.cachedText[slot] = text
    }
    return text
  }
}

function grown(old: Uint32Array): Uint32Array<ArrayBuffer> {
  const more = new Uint32Array(old.length * 2)
  more.set(old)
  return more
}

/** Reads sharedStrings.xml: rich text is joined, phonetic runs are left out, long texts are cut. */
export async function readSharedStrings(chunks: AsyncIterable<Buffer>): Promise<SharedStrings> {
  const strings = new SharedStrings()
  let text = ''
  let inText = false
  let phonetic = false
  await readXml(chunks, {
    open(name) {
      if (name === 't') inText = !phonetic
      else if (name === 'si') text = ''
      else if (name === 'rPh') phonetic = true
    },
    text(piece) {
      if (inText && text.length <= MAX_TEXT)
        text += piece.length > MAX_TEXT ? piece.slice(0, MAX_TEXT + 1) : piece
    },
    close(name) {
      if (name === 't') inText = false
      else if (name === 'rPh') phonetic = false
      else if (name === 'si') strings.add(unescapeText(text).slice(0, MAX_TEXT))
    },
  })
  return strings
}
