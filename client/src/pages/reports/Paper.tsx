import { type Ref, useCallback, useImperativeHandle, useRef, useState } from 'react'
import { useText } from '../../i18n/index.ts'

/**
 * The very document that was frozen, in a frame that lets nothing in it run: it may be measured and printed from here,
 * and its links open beside it.
 */
const SANDBOX = 'allow-same-origin allow-modals allow-popups allow-popups-to-escape-sandbox'

/** A report as on paper, as high as it is. */
export function Paper({ html, ref }: { html: string; ref: Ref<HTMLIFrameElement> }) {
  const { t } = useText()
  const frame = useRef<HTMLIFrameElement>(null)
  useImperativeHandle(ref, () => frame.current as HTMLIFrameElement)
  const [height, setHeight] = useState(900)
  const watching = useRef<ResizeObserver | null>(null)
  const onLoad = useCallback(() => {
    watching.current?.disconnect()
    // The root's height, which the margins around the sheet belong to.
    const page = frame.current?.contentDocument?.documentElement
    if (!page) return
    const measure = () => setHeight(Math.ceil(page.getBoundingClientRect().height))
    watching.current = new ResizeObserver(measure)
    watching.current.observe(page)
    measure()
  }, [])
  return (
    <iframe
      ref={frame}
      className="report-frame"
      sandbox={SANDBOX}
      srcDoc={html}
      title={t('reports.frame')}
      style={{ height }}
      onLoad={onLoad}
      data-testid="report-frame"
    />
  )
}
