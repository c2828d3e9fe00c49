import { CheckOutlined, CopyOutlined } from '@ant-design/icons'
import { Typography } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../../i18n/index.ts'

/** A text to be taken elsewhere exactly, with a button that copies it. */
export function CopyText(props: { text: string; testId: string; children?: ReactNode }) {
  const { t } = useText()
  return (
    <div className="copy-text">
      <code data-testid={props.testId} data-text={props.text}>
        {props.children ?? props.text}
      </code>
      <CopyButton text={props.text}>{t('me.copy')}</CopyButton>
    </div>
  )
}

/** Copies a text, also where the page came over plain HTTP and browsers offer no clipboard. */
export function CopyButton({ text, children }: { text: string; children: string }) {
  const { t } = useText()
  return (
    <Typography.Text
      className="copy-button"
      copyable={{
        text,
        tooltips: false,
        icon: [
          <span key="copy">
            <CopyOutlined /> {children}
          </span>,
          <span key="copied">
            <CheckOutlined /> {t('common.copied')}
          </span>,
        ],
      }}
    />
  )
}
