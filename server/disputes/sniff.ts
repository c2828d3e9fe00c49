/** The first bytes of the kinds of document that are taken. */
const KINDS: readonly { type: string; head: readonly number[] }[] = [
  { type: 'application/pdf', head: [0x25, 0x50, 0x44, 0x46, 0x2d] },
  { type: 'image/jpeg', head: [0xff, 0xd8, 0xff] },
  { type: 'image/png', head: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
]

/** The media type of a document by its content, whatever it is called; undefined for a kind that is not taken. */
export const documentType = (bytes: Uint8Array): string | undefined =>
  KINDS.find(({ head }) => head.every((byte, i) => bytes[i] === byte))?.type
