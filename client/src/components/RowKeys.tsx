import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react'

/** Each row's first link. */
const ROWS = ':is(tbody tr, .cards > li)'

const linksIn = (within: HTMLElement): HTMLElement[] =>
  [...within.querySelectorAll(ROWS)].flatMap(
    (row) => row.querySelector<HTMLElement>('a[data-row-link]') ?? [],
  )

/**
 * Walks a list by keyboard: arrow down from the search to the first row, up and down between rows (up from the first
 * back to the search), Home and End, and Enter, as on any link, opens the row's.
 * @param busy the list for what is typed is on its way: the first row is gone to once it is there
 * @param onEnd asked for more rows when the last is passed
 */
export function RowKeys(props: { busy: boolean; onEnd?: (() => void) | undefined; children: ReactNode }) {
  const { busy, onEnd, children } = props
  const box = useRef<HTMLDivElement>(null)
  const waiting = useRef(false)
  const outdated = () => busy || box.current?.querySelector('[data-search][data-typing="true"]') !== null
  useEffect(() => {
    if (!waiting.current || outdated()) return
    waiting.current = false
    if (box.current) linksIn(box.current)[0]?.focus()
  })
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.nativeEvent.isComposing) return
    const target = event.target as HTMLElement
    const links = linksIn(event.currentTarget)
    const search = event.currentTarget.querySelector<HTMLInputElement>('[data-search] input')
    const at = links.indexOf(target)
    const inSearch = target === search
    if (!inSearch && at < 0) return
    if (inSearch && event.key === 'ArrowDown' && outdated()) {
      waiting.current = true
      event.preventDefault()
      return
    }
    const to = nextOf(event.key, at, links, search, inSearch)
    if (event.key === 'ArrowDown' && at === links.length - 1 && !inSearch) onEnd?.()
    if (!to) return
    event.preventDefault()
    to.focus()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the field and the links within
    <div ref={box} className="row-keys" onKeyDown={onKeyDown}>
      {children}
    </div>
  )
}

function nextOf(
  key: string,
  at: number,
  links: readonly HTMLElement[],
  search: HTMLElement | null,
  inSearch: boolean,
): HTMLElement | null | undefined {
  if (inSearch) return key === 'ArrowDown' ? links[0] : undefined
  if (key === 'ArrowDown') return links[at + 1]
  if (key === 'ArrowUp') return at === 0 ? search : links[at - 1]
  if (key === 'Home') return links[0]
  return key === 'End' ? links.at(-1) : undefined
}
