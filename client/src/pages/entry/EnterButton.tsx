import { FormOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useEffect } from 'react'
import { useNavigate } from 'react-router-dom'
import { useCan } from '../../app/session.tsx'
import { isTyping } from '../../app/useSlashKey.ts'
import { useText } from '../../i18n/index.ts'

/** Leads to the form for a change, by a click or the key `n`; only for those who may enter one, and not from the past. */
export function EnterButton({ vin, primary = true }: { vin?: string; primary?: boolean }) {
  const { t } = useText()
  const can = useCan()
  const navigate = useNavigate()
  const shown = can('change.write')
  const to = vin ? `/changes/new?plate=${encodeURIComponent(vin)}` : '/changes/new'
  useEffect(() => {
    if (!shown) return
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'n' || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
      if (isTyping(event.target)) return
      event.preventDefault()
      navigate(to)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [shown, to, navigate])
  if (!shown) return null
  return (
    <Button
      type={primary ? 'primary' : 'default'}
      icon={<FormOutlined />}
      onClick={() => navigate(to)}
      data-testid="enter-change"
    >
      {t('entry.title')}
      <kbd aria-hidden>N</kbd>
    </Button>
  )
}
