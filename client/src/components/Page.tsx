import { type ReactNode, useEffect } from 'react'
import { Link } from 'react-router-dom'
import { useText } from '../i18n/index.ts'
import { PastBanner } from './PastBanner.tsx'
import { PastControl } from './PastControl.tsx'
import { usePast } from './usePast.ts'

/** A page: its title in the tab and as its heading, what leads back, what can be done, and whether it is of the past. */
export function Page(props: {
  title: string
  lead?: ReactNode
  back?: { to: string; text: string }
  actions?: ReactNode
  /** the page can be seen as it was: it offers that, and says so when it is */
  past?: boolean
  children: ReactNode
}) {
  const { t } = useText()
  const { active } = usePast()
  const past = props.past === true && active
  useEffect(() => {
    document.title = `${props.title} · ${t('product.name')}`
  }, [props.title, t])
  return (
    <div className={past ? 'page page-past' : 'page'}>
      {past && <PastBanner />}
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
        {(props.actions || props.past) && (
          <div className="page-actions">
            {props.past && <PastControl />}
            {props.actions}
          </div>
        )}
      </div>
      {props.children}
    </div>
  )
}
