import { Parser } from 'htmlparser2'
import { ListProblem } from './problem.ts'

/** Streaming XML for the parts of workbooks. Declarations of types and entities are refused, never expanded. */

const MAX_DEPTH = 64
/** Characters without any element, attribute or text: a single comment or value of that length is an attack. */
const MAX_SILENCE = 16_000_000

/** What a reader of XML wants to be told; names come without their prefix. */
export interface XmlHandler {
  open(name: string): void
  /** an attribute of the element opened last, its name with the prefix */
  attribute?(name: string, value: string): void
  /** a piece of text; one text may come in several pieces */
  text?(text: string): void
  close(name: string): void
}

const local = (name: string): string => {
  const colon = name.indexOf(':')
  return colon < 0 ? name : name.slice(colon + 1)
}

/** Feeds XML to a handler piece by piece. Throws ListProblem, and what the handler throws. */
export class XmlReader {
  private readonly parser: Parser
  private depth = 0
  private silence = 0

  constructor(handler: XmlHandler) {
    this.parser = new Parser(
      {
        onopentagname: (name) => {
          this.silence = 0
          if (++this.depth > MAX_DEPTH) throw new ListProblem('import.too-complex', { detail: 'xml: depth' })
          handler.open(local(name))
        },
        onattribute: (name, value) => {
          this.silence = 0
          handler.attribute?.(name, value)
        },
        ontext: (text) => {
          this.silence = 0
          handler.text?.(text)
        },
        onclosetag: (name) => {
          this.depth--
          handler.close(local(name))
        },
        onprocessinginstruction: (name) => {
          if (name.startsWith('!')) throw new ListProblem('import.corrupt', { detail: 'xml: DOCTYPE' })
        },
      },
      { xmlMode: true, decodeEntities: true },
    )
  }

  write(text: string): void {
    this.silence += text.length
    if (this.silence > MAX_SILENCE) throw new ListProblem('import.too-complex', { detail: 'xml: length' })
    this.parser.write(text)
  }

  /** Says that this was all. Throws `import.corrupt` when an element is still open. */
  end(): void {
    if (this.depth > 0) throw new ListProblem('import.corrupt', { detail: 'xml: cut short' })
    this.parser.end()
  }
}

/** The text of an XML part: UTF-8, or UTF-16 with its mark. Throws `import.corrupt` when it is not. */
export async function* xmlText(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined
  try {
    for await (const chunk of chunks) {
      decoder ??= new TextDecoder(encodingOf(chunk), { fatal: true })
      yield decoder.decode(chunk, { stream: true })
    }
    if (decoder) yield decoder.decode()
  } catch (error) {
    if (error instanceof TypeError && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
      throw new ListProblem('import.corrupt', { detail: 'xml: encoding' }, { cause: error })
    }
    throw error
  }
}

function encodingOf(start: Buffer): string {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le'
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be'
  return 'utf-8'
}

/** Reads a whole part. */
export async function readXml(chunks: AsyncIterable<Buffer>, handler: XmlHandler): Promise<void> {
  const reader = new XmlReader(handler)
  for await (const text of xmlText(chunks)) reader.write(text)
  reader.end()
}

/** Decodes the `_x000D_` by which workbooks write control characters. */
export const unescapeText = (text: string): string =>
  text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text
