import { Button } from 'antd'
import { count } from '../format.ts'
import { useText } from '../i18n/index.ts'

/** Below a list: how much of it is shown, and more of it. */
export function ListMore(props: {
  shown: number
  total?: number | undefined
  hasNext: boolean
  loading: boolean
  onMore: () => void
}) {
  const { t } = useText()
  const { shown, total, hasNext, loading, onMore } = props
  if (!hasNext && total === undefined) return null
  return (
    <div className="list-more">
      <span data-testid="listed">
        {total === undefined
          ? t('common.listedOnly', { n: count(shown) })
          : t('common.listed', { n: count(shown), total: count(total) })}
      </span>
      {hasNext && (
        <Button onClick={onMore} loading={loading} data-testid="more">
          {t('common.more')}
        </Button>
      )}
    </div>
  )
}
