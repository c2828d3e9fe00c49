import { type ReactNode, useEffect } from 'react'
import { LanguageChoice } from '../../app/LanguageChoice.tsx'
import { Logo } from '../../components/Logo.tsx'
import { changeLanguage, useText } from '../../i18n/index.ts'
import './entrance.css'

/** The frame of the pages before signing in: what this is at one side, the form at the other. */
export function Entrance(props: {
  title: string
  lead?: string
  /** more room than a form needs */
  wide?: boolean
  children: ReactNode
}) {
  const { title, lead, wide, children } = props
  const { t, language } = useText()
  useEffect(() => {
    document.title = `${title} · ${t('product.name')}`
  }, [title, t])
  return (
    <div className="entrance">
      <section className="entrance-pitch">
        <div className="entrance-brand">
          <Logo size={40} />
          <span>{t('product.name')}</span>
        </div>
        <div className="entrance-words">
          <p className="entrance-tagline">{t('product.tagline')}</p>
          <p>{t('signIn.pitch')}</p>
          <ul>
            <li>{t('signIn.point1')}</li>
            <li>{t('signIn.point2')}</li>
            <li>{t('signIn.point3')}</li>
          </ul>
        </div>
      </section>
      <main className="entrance-main">
        <div className="entrance-language">
          <LanguageChoice value={language} onChange={changeLanguage} />
        </div>
        <div className={wide ? 'entrance-form entrance-wide' : 'entrance-form'}>
          <h1>{title}</h1>
          {lead && <p className="page-lead">{lead}</p>}
          {children}
        </div>
      </main>
    </div>
  )
}
