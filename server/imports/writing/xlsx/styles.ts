import { escapeXml, XML_HEAD } from './xml.ts'

/** How a cell looks. Colours are RRGGBB. */
export interface Style {
  readonly fill?: string
  readonly color?: string
  readonly bold?: boolean
  readonly italic?: boolean
  /** number format; `@` is text */
  readonly format?: string
  readonly wrap?: boolean
  readonly border?: boolean
  readonly centred?: boolean
  readonly size?: number
}

export const TEXT_FORMAT = '@'
export const DATE_FORMAT = 'yyyy-mm-dd'
export const DATE_TIME_FORMAT = 'yyyy-mm-dd hh:mm'

const BUILT_IN: Readonly<Record<string, number>> = { '0%': 9, '0.00%': 10, [TEXT_FORMAT]: 49 }
const FIRST_OWN_FORMAT = 164
const SIZE = 11

/** A list of distinct texts with their places. */
class Places {
  readonly texts: string[] = []
  private readonly places = new Map<string, number>()

  constructor(...first: string[]) {
    for (const text of first) this.of(text)
  }

  of(text: string): number {
    const known = this.places.get(text)
    if (known !== undefined) return known
    this.places.set(text, this.texts.length)
    return this.texts.push(text) - 1
  }
}

const element = (name: string, { texts }: Places): string =>
  `<${name} count="${texts.length}">${texts.join('')}</${name}>`

const fontOf = ({ bold, italic, color, size }: Style): string =>
  `<font>${bold ? '<b/>' : ''}${italic ? '<i/>' : ''}<sz val="${size ?? SIZE}"/>` +
  `<color ${color ? `rgb="FF${color}"` : 'rgb="FF000000"'}/><name val="等线"/><family val="2"/><charset val="134"/></font>`

const fillOf = ({ fill }: Style): string =>
  fill === undefined
    ? '<fill><patternFill patternType="none"/></fill>'
    : `<fill><patternFill patternType="solid"><fgColor rgb="FF${fill}"/><bgColor indexed="64"/></patternFill></fill>`

const side = (name: string): string => `<${name} style="thin"><color rgb="FFBFBFBF"/></${name}>`
const NO_BORDER = '<border><left/><right/><top/><bottom/><diagonal/></border>'
const borderOf = ({ border }: Style): string =>
  border ? `<border>${['left', 'right', 'top', 'bottom'].map(side).join('')}<diagonal/></border>` : NO_BORDER

/** The styles that a workbook uses, each once; its styles.xml. */
export class Styles {
  private readonly byObject = new WeakMap<Style, number>()
  private readonly formats = new Places()
  private readonly fonts = new Places(fontOf({}))
  // a spreadsheet takes the first two for itself, whatever they say
  private readonly fills = new Places(fillOf({}), '<fill><patternFill patternType="gray125"/></fill>')
  private readonly borders = new Places(NO_BORDER)
  private readonly cells = new Places()

  constructor() {
    this.indexOf({})
  }

  /** The number under which cells name a style. */
  indexOf(style: Style): number {
    const known = this.byObject.get(style)
    if (known !== undefined) return known
    const index = this.cells.of(this.cellFormat(style))
    this.byObject.set(style, index)
    return index
  }

  private cellFormat(style: Style): string {
    const { format, wrap, centred } = style
    const number =
      format === undefined ? 0 : (BUILT_IN[format] ?? FIRST_OWN_FORMAT + this.formats.of(escapeXml(format)))
    const font = this.fonts.of(fontOf(style))
    const fill = this.fills.of(fillOf(style))
    const border = this.borders.of(borderOf(style))
    const horizontal = centred ? ' horizontal="center"' : ''
    return (
      `<xf numFmtId="${number}" fontId="${font}" fillId="${fill}" borderId="${border}" xfId="0" applyNumberFormat="1"` +
      ` applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">` +
      `<alignment vertical="center"${horizontal}${wrap ? ' wrapText="1"' : ''}/></xf>`
    )
  }

  /** The part styles.xml. */
  xml(): string {
    const own = this.formats.texts.map(
      (code, i) => `<numFmt numFmtId="${FIRST_OWN_FORMAT + i}" formatCode="${code}"/>`,
    )
    return (
      `${XML_HEAD}<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
      (own.length > 0 ? `<numFmts count="${own.length}">${own.join('')}</numFmts>` : '') +
      element('fonts', this.fonts) +
      element('fills', this.fills) +
      element('borders', this.borders) +
      '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
      element('cellXfs', this.cells) +
      '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )
  }
}
