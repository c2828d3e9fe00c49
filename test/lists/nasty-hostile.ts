import { randomBytes } from 'node:crypto'
import { CFB, utils, write } from '@e965/xlsx'
import { csv, HEADER, line, lineWith, type NastyList, refused, values } from './vehicles.ts'
import { bookOf, bookParts, sheetBook, sheetXml } from './workbook.ts'
import { zipOf } from './zip.ts'

/** Files that are broken, or built to break what reads them. */

const good = () => sheetBook({ rows: [HEADER, line(1)] })
const parts = () => bookParts({ sheets: [{ rows: [HEADER, line(1)] }] })
const MB = 1024 ** 2

/** The parts of a good workbook with the sheet's part changed. */
const withSheet = (
  change: Partial<{ data: Buffer | string; claims: number; crc: number; offset: number }>,
): Buffer => zipOf(parts().map((p) => (p.name.endsWith('sheet1.xml') ? { ...p, ...change } : p)))

const cfb = (files: Readonly<Record<string, Buffer>>): Buffer => {
  const container = CFB.utils.cfb_new()
  for (const [name, content] of Object.entries(files)) CFB.utils.cfb_add(container, `/${name}`, content)
  return Buffer.from(CFB.write(container, { type: 'buffer' }) as Uint8Array)
}

/** An .xls whose stream says, behind its first record, that the rest is encrypted. */
function encryptedXls(): Buffer {
  const book = utils.book_new()
  utils.book_append_sheet(book, utils.aoa_to_sheet([HEADER, line(1)]), 'S')
  const plain = CFB.read(write(book, { type: 'buffer', bookType: 'biff8' }), { type: 'buffer' })
  const stream = Buffer.from(CFB.find(plain, 'Workbook')?.content ?? [])
  const first = 4 + stream.readUInt16LE(2)
  const filePass = Buffer.alloc(58)
  filePass.writeUInt16LE(0x2f, 0)
  filePass.writeUInt16LE(54, 2)
  filePass.writeUInt16LE(1, 4)
  filePass.writeUInt16LE(1, 6)
  filePass.writeUInt16LE(1, 8)
  return cfb({ Workbook: Buffer.concat([stream.subarray(0, first), filePass, stream.subarray(first)]) })
}

const LAUGHS = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">${Array.from({ length: 9 }, (_, i) => `<!ENTITY lol${i + 1} "${`&lol${i || ''};`.repeat(10)}">`).join('')}]><worksheet><sheetData><row r="1"><c r="A1" t="str"><v>&lol9;</v></c></row></sheetData></worksheet>`

export const HOSTILE: readonly NastyList[] = [
  refused('an encrypted .xlsx', 'encrypted.xlsx', 'import.encrypted', () =>
    cfb({ EncryptionInfo: Buffer.alloc(5000), EncryptedPackage: Buffer.alloc(5000) }),
  ),
  refused('an encrypted .xls', 'encrypted.xls', 'import.encrypted', encryptedXls),
  refused('an .xlsx in an encrypted zip', 'zip-password.xlsx', 'import.encrypted', () =>
    zipOf(parts().map((p) => ({ ...p, flags: 1 }))),
  ),
  refused('a workbook cut short', 'cut.xlsx', 'import.corrupt', () => good().subarray(0, 1500)),
  refused('a workbook with a hole', 'hole.xlsx', 'import.corrupt', () => good().fill(0x55, 200, 400)),
  refused('XML cut short within a whole zip', 'cut-xml.xlsx', 'import.corrupt', () =>
    withSheet({ data: sheetXml({ rows: [HEADER, line(1)] }).slice(0, -60) }),
  ),
  refused('a checksum that is wrong', 'crc.xlsx', 'import.corrupt', () => withSheet({ crc: 1 })),
  refused('a bomb that says so', 'bomb.xlsx', 'import.too-large', () => withSheet({ claims: 1024 * MB })),
  refused('a bomb in proportion', 'ratio.xlsx', 'import.too-large', () =>
    withSheet({ data: Buffer.alloc(101 * MB, ' ') }),
  ),
  refused('a bomb that claims to be small', 'lying.xlsx', 'import.corrupt', () =>
    withSheet({ data: Buffer.alloc(30 * MB, ' '), claims: 1000 }),
  ),
  refused('entries that overlap', 'overlap.xlsx', 'import.corrupt', () => withSheet({ offset: 0 })),
  refused('more entries than any workbook has', 'entries.xlsx', 'import.too-large', () =>
    zipOf([...parts(), ...Array.from({ length: 10_001 }, (_, i) => ({ name: `x/${i}`, data: '' }))]),
  ),
  refused('a zip within a zip', 'nested.xlsx', 'import.not-a-list', () =>
    zipOf([{ name: 'inner.zip', data: zipOf(parts()) }]),
  ),
  refused('a declaration of a document type', 'doctype.xlsx', 'import.corrupt', () =>
    withSheet({
      data: `<!DOCTYPE worksheet SYSTEM "file:///etc/passwd">${sheetXml({ rows: [HEADER, line(1)] }).slice(56)}`,
    }),
  ),
  refused('entities that multiply', 'laughs.xlsx', 'import.corrupt', () => withSheet({ data: LAUGHS })),
  refused('entities in shared texts', 'entities.xlsx', 'import.corrupt', () =>
    bookOf({
      sheets: [{ rows: [HEADER, line(1)] }],
      sharedStrings: '<!DOCTYPE sst [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst><si><t>&a;</t></si></sst>',
    }),
  ),
  refused('a row within a row', 'nested-rows.xlsx', 'import.corrupt', () =>
    withSheet({
      data: sheetXml({ rows: [HEADER, line(1), line(2)] })
        .replace('</row><row r="3" >', '<row r="3" >')
        .replace('</row></sheetData>', '</row></row></sheetData>'),
    }),
  ),
  refused('cells that have become part of a value', 'swallowed.xlsx', 'import.corrupt', () =>
    withSheet({
      data: sheetXml({ rows: [HEADER, line(1)] }).replace(/r="B2".*r="J2"/, (cells) =>
        cells.replaceAll('"', '').replace('r=B2', 'r="B2').concat('"'),
      ),
    }),
  ),
  refused('elements nested without end', 'deep.xlsx', 'import.too-complex', () =>
    withSheet({ data: '<a>'.repeat(100_000) }),
  ),
  refused('a comment without end', 'comment.xlsx', 'import.too-complex', () =>
    zipOf([
      ...parts().map((p) =>
        p.name.endsWith('sheet1.xml')
          ? { ...p, data: `<worksheet><!--${' '.repeat(40 * MB)}--></worksheet>` }
          : p,
      ),
      { name: 'noise', data: randomBytes(MB) },
    ]),
  ),
  {
    name: 'a dimension that claims every cell, and a cell in the last row and column',
    filename: 'absurd.xlsx',
    bytes: () => {
      const xml = sheetXml({ rows: [HEADER, line(1)] })
        .replace('<sheetData>', '<dimension ref="A1:XFD1048576"/><sheetData>')
        .replace(
          '</sheetData>',
          '<row r="500000"/><row r="1048576"><c r="B1048576" t="str"><v>闽HD10002</v></c><c r="XFD1048576"><v>1</v></c></row></sheetData>',
        )
      return sheetBook({ xml })
    },
    expect: {
      rows: [
        [2, values(1)],
        [1_048_576, { plate: '闽HD10002' }],
      ],
      notes: [['note.columns-cut', 1, [1_048_576]]],
    },
  },
  {
    name: 'ten megabytes in one cell',
    filename: 'long-cell.csv',
    bytes: () =>
      Buffer.from(
        csv([
          [...HEADER, '备注'],
          [...line(1), `"${'长'.repeat(3_500_000)}"`],
          [...line(2), '短'],
        ]),
      ),
    expect: {
      rows: [
        [2, values(1, { note: '长'.repeat(32_767) })],
        [3, values(2, { note: '短' })],
      ],
      notes: [['note.text-cut', 1, [2]]],
    },
  },
  {
    name: 'ten megabytes in one cell of a workbook',
    filename: 'long-cell.xlsx',
    bytes: () =>
      sheetBook(
        {
          rows: [
            [...HEADER, '备注'],
            [...line(1), 'x'.repeat(10_000_000)],
          ],
        },
        { parts: [{ name: 'noise', data: randomBytes(MB) }] },
      ),
    expect: { rows: [[2, values(1, { note: 'x'.repeat(32_767) })]], notes: [['note.text-cut', 1, [2]]] },
  },
  {
    name: 'names of entries that lead out of the zip, links to other files, embedded ones',
    filename: 'paths.xlsx',
    bytes: () =>
      sheetBook(
        { rows: [HEADER, line(1)] },
        {
          parts: [
            { name: '../../../../tmp/evil', data: 'x' },
            { name: '/etc/passwd', data: 'x' },
            { name: 'xl/externalLinks/externalLink1.xml', data: '<!DOCTYPE x>' },
            { name: 'xl/embeddings/oleObject1.bin', data: 'x' },
          ],
        },
      ),
    expect: { rows: [[2, values(1)]], notes: [] },
  },
  refused('a record of countless fields', 'fields.csv', 'import.too-complex', () =>
    Buffer.from(`${csv([HEADER, lineWith(1, { 1: '"x"' })])}${','.repeat(12_000_000)}`),
  ),
  {
    name: 'a line of countless fields without a quote',
    filename: 'wide.csv',
    bytes: () => Buffer.from(`${csv([HEADER, line(1)])}${line(2).join(',')}${','.repeat(5_000_000)}x\r\n`),
    expect: {
      rows: [
        [2, values(1)],
        [3, values(2)],
      ],
      notes: [['note.columns-cut', 1, [3]]],
    },
  },
  refused('a quote that is never closed', 'quote.csv', 'import.corrupt', () =>
    Buffer.from(csv([HEADER, line(1), lineWith(2, { 1: '"x' })])),
  ),
  refused('a PDF under the name .xlsx', 'pdf.xlsx', 'import.not-a-list', () =>
    Buffer.from('%PDF-1.7\n1 0 obj\n'),
  ),
  refused('a picture under the name .xls', 'png.xls', 'import.not-a-list', () =>
    Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
  ),
  refused('noise', 'noise.csv', 'import.not-a-list', () =>
    Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919 + (i >> 3)) % 256)),
  ),
  refused('bytes in no encoding', 'encoding.csv', 'import.encoding', () =>
    Buffer.concat([Buffer.from(csv([HEADER, line(1)])), Buffer.from([0xff, 0xff, 0x80, 0x2c])]),
  ),
  refused('an empty file', 'empty.xlsx', 'import.empty', () => Buffer.alloc(0)),
  refused('a header only', 'header.xlsx', 'import.empty', () =>
    sheetBook({ rows: [['台账'], HEADER, ['1'], ['合计']] }),
  ),
  refused('no header', 'no-header.xlsx', 'import.no-header', () =>
    sheetBook({
      rows: [
        ['a', 'b', 'c'],
        [1, 2, 3],
      ],
    }),
  ),
  refused('a container of .xls with a letter in it', 'letter.xls', 'import.not-a-list', () =>
    cfb({ WordDocument: Buffer.alloc(5000) }),
  ),
]
