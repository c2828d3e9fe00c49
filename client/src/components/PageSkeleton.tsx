import { Skeleton } from 'antd'

/** What stands in for a page that is on its way. */
export function PageSkeleton() {
  return (
    <div className="page" aria-busy="true">
      <Skeleton active title={{ width: 220 }} paragraph={{ rows: 1, width: 320 }} />
      <div className="card">
        <Skeleton active paragraph={{ rows: 8 }} />
      </div>
    </div>
  )
}
