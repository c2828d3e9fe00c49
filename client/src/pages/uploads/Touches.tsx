import { Alert } from 'antd'
import type { ImportView } from '../../../../server/imports/schema.ts'
import { count } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { isPending } from './useImport.ts'

/** Says whose vehicles a list would touch beside its own operator's. */
export function Touches({ view }: { view: ImportView }) {
  const { t, language } = useText()
  if (view.touches.length === 0 || !isPending(view.status)) return null
  const names = view.touches.map(({ name, rows }) => t('import.touchesOne', { name, n: count(rows) }))
  return (
    <Alert
      className="standing"
      type="warning"
      showIcon
      title={t('import.touchesTitle')}
      description={t('import.touches', { names: names.join(language === 'en' ? ', ' : '、') })}
      data-testid="import-touches"
    />
  )
}
