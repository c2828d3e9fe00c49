import { SearchOutlined } from '@ant-design/icons'
import { Input } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router-dom'
import { useText } from '../i18n/index.ts'

/** Finds a vehicle from anywhere. */
export function QuickSearch() {
  const { t } = useText()
  const navigate = useNavigate()
  const [text, setText] = useState('')
  const search = () => {
    const q = text.trim()
    if (q === '') return
    setText('')
    navigate(`/vehicles?q=${encodeURIComponent(q)}`)
  }
  return (
    <div className="quick" data-search>
      <Input
        value={text}
        onChange={(e) => setText(e.target.value)}
        onPressEnter={search}
        prefix={<SearchOutlined />}
        suffix={<kbd aria-hidden>/</kbd>}
        placeholder={t('nav.quickSearch')}
        aria-label={t('nav.quickSearch')}
        title={t('nav.hint')}
        data-testid="quick-search"
      />
    </div>
  )
}
