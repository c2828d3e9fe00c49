/** The kinds of document that are taken: the first bytes, and the endings that a name may have. */
const KINDS: readonly { type: string; head: readonly number[]; endings: readonly string[] }[] = [
  { type: 'application/pdf', head: [0x25, 0x50, 0x44, 0x46, 0x2d], endings: ['pdf'] },
  { type: 'image/jpeg', head: [0xff, 0xd8, 0xff], endings: ['jpg', 'jpeg'] },
  { type: 'image/png', head: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], endings: ['png'] },
]

/** The media type of a document by its content, whatever it is called; undefined for a kind that is not taken. */
export const documentType = (bytes: Uint8Array): string | undefined =>
  KINDS.find(({ head }) => head.every((byte, i) => bytes[i] === byte))?.type

/** A document's name with an ending that says what it is: `invoice.pdf.exe` that is a PDF gets `.pdf` behind it. */
export function nameForType(name: string, type: string): string {
  const endings = KINDS.find((kind) => kind.type === type)?.endings ?? []
  const ending = /\.([^.]*)$/.exec(name)?.[1]?.toLowerCase() ?? ''
  return endings.length === 0 || endings.includes(ending) ? name : `${name}.${endings[0]}`
}
