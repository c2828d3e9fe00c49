import type { ReactNode } from 'react'
import { ListMore } from './ListMore.tsx'
import type { useList } from './useList.ts'

/** A list read page by page on its card: what is there of it, dimmed while another is on its way, and more of it. */
export function ListCard(props: {
  list: Pick<ReturnType<typeof useList>, 'items' | 'total' | 'stale'> & {
    more: { hasNext: boolean; loading: boolean; onMore: () => void }
  }
  /** how many it holds in all, where that was asked for apart */
  total?: number | undefined
  children: ReactNode
}) {
  const { list, children } = props
  return (
    <div className={list.stale ? 'card card-flush stale' : 'card card-flush'}>
      {children}
      <ListMore
        shown={list.items.length}
        total={'total' in props ? props.total : list.total}
        {...list.more}
      />
    </div>
  )
}
