import { Button } from 'antd'
import { useEffect } from 'react'
import { useNavigate } from 'react-router-dom'
import { Panel } from '../components/states.tsx'
import { useText } from '../i18n/index.ts'

/** An address that leads nowhere. */
export default function NotFoundPage() {
  const { t } = useText()
  const navigate = useNavigate()
  useEffect(() => {
    document.title = `${t('state.notFoundTitle')} · ${t('product.name')}`
  }, [t])
  return (
    <Panel
      page
      testId="not-found"
      title={t('state.notFoundTitle')}
      hint={t('state.notFound')}
      actions={
        <Button type="primary" onClick={() => navigate('/')}>
          {t('state.home')}
        </Button>
      }
    />
  )
}
