import { Button } from 'antd'
import { isRouteErrorResponse, useRouteError } from 'react-router-dom'
import { Panel } from '../components/states.tsx'
import { useText } from '../i18n/index.ts'

/** What shows when a page fails: what to do, and what to tell the administrator. */
export function CrashPage() {
  const error = useRouteError()
  const { t } = useText()
  const text = isRouteErrorResponse(error)
    ? error.statusText
    : error instanceof Error
      ? error.message
      : String(error)
  return (
    <Panel
      page
      tone="bad"
      title={t('state.crashTitle')}
      hint={t('state.crash')}
      detail={text}
      actions={
        <>
          <Button type="primary" onClick={() => location.reload()}>
            {t('state.reload')}
          </Button>
          <Button href="/">{t('state.home')}</Button>
        </>
      }
    />
  )
}
