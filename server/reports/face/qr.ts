import QRCode from 'qrcode'
import { html, Markup } from './html.ts'

/** Modules of quiet ground around the code, which readers need. */
const QUIET = 4

/**
 * A QR code as an inline SVG, sharp at any size of print. It withstands a quarter of it being stained (level Q).
 * @param text what it holds
 * @param label what it is, for those who do not see it
 */
export function qrSvg(text: string, label: string): Markup {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'Q' })
  const { size } = modules
  let path = ''
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; ) {
      let run = 0
      while (x + run < size && modules.get(y, x + run)) run++
      if (run > 0) path += `M${x + QUIET} ${y + QUIET}h${run}v1h-${run}z`
      x += run + 1
    }
  }
  const side = size + 2 * QUIET
  return html`<svg class="qr" role="img" aria-label="${label}" viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${side}v${side}H0z"/><path fill="#000" d="${new Markup(path)}"/></svg>`
}
