import { CheckOutlined, CopyOutlined } from '@ant-design/icons'
import { Typography } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../i18n/index.ts'
import './copy-text.css'

/** A text to be taken elsewhere exactly, with a button that copies it. */
export function CopyText(props: { text: string; testId: string; children?: ReactNode }) {
  const { t } = useText()
  return (
    <div className="copy-text">
      <code data-testid={props.testId} data-text={props.text}>
        {props.children ?? props.text}
      </code>
      <CopyButton text={props.text}>{t('common.copy')}</CopyButton>
    </div>
  )
}

/**
 * Copies a text, also where the page came over plain HTTP and browsers offer no clipboard.
 * @param iconOnly its words show only when it is pointed at
 */
export function CopyButton(props: { text: string; children: string; iconOnly?: boolean }) {
  const { text, children, iconOnly = false } = props
  const { t } = useText()
  const worded = [
    <span key="copy">
      <CopyOutlined /> {children}
    </span>,
    <span key="copied">
      <CheckOutlined /> {t('common.copied')}
    </span>,
  ]
  const look = iconOnly ? { tooltips: [children, t('common.copied')] } : { tooltips: false, icon: worded }
  return <Typography.Text className="copy-button" copyable={{ text, ...look }} />
}
