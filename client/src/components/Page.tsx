import { type ReactNode, useEffect } from 'react'
import { Link } from 'react-router-dom'
import { useText } from '../i18n/index.ts'

/** A page: its title in the tab and as its heading, what leads back, what can be done. */
export function Page(props: {
  title: string
  lead?: ReactNode
  back?: { to: string; text: string }
  actions?: ReactNode
  children: ReactNode
}) {
  const { t } = useText()
  useEffect(() => {
    document.title = `${props.title} · ${t('product.name')}`
  }, [props.title, t])
  return (
    <div className="page">
      <div className="page-head">
        <div className="page-title">
          {props.back && (
            <Link to={props.back.to} className="page-back">
              ← {props.back.text}
            </Link>
          )}
          <h1>{props.title}</h1>
          {props.lead && <div className="page-lead">{props.lead}</div>}
        </div>
        {props.actions && <div className="page-actions">{props.actions}</div>}
      </div>
      {props.children}
    </div>
  )
}
