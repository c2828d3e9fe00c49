import { useQuery } from '@tanstack/react-query'
import { Spin } from 'antd'
import { type ReactNode, useEffect } from 'react'
import { useParams, useSearchParams } from 'react-router-dom'
import { reportQueries } from '../../api/reports.ts'
import { LanguageChoice } from '../../app/LanguageChoice.tsx'
import { Logo } from '../../components/Logo.tsx'
import { Resource } from '../../components/Resource.tsx'
import { changeLanguage, useText } from '../../i18n/index.ts'
import { CheckForm } from './CheckForm.tsx'
import { Verdict } from './Verdict.tsx'
import './check.css'

/** Whether a report on paper is genuine and unchanged: for anybody who holds it, without signing in. */
export default function CheckPage() {
  const { number = '' } = useParams()
  const [search] = useSearchParams()
  const code = search.get('code') ?? ''
  return (
    <Frame>
      {number !== '' && code !== '' ? <Checked number={number} code={code} /> : <CheckForm number={number} />}
    </Frame>
  )
}

function Frame({ children }: { children: ReactNode }) {
  const { t, language } = useText()
  const title = t('paperCheck.title')
  useEffect(() => {
    document.title = `${title} · ${t('product.name')}`
  }, [title, t])
  return (
    <div className="check">
      <header className="check-head">
        <span className="check-brand">
          <Logo size={28} />
          {t('product.name')}
        </span>
        <LanguageChoice value={language} onChange={changeLanguage} />
      </header>
      <main className="check-main">
        <h1>{title}</h1>
        <p className="page-lead">{t('paperCheck.lead')}</p>
        {children}
      </main>
    </div>
  )
}

function Checked({ number, code }: { number: string; code: string }) {
  const query = useQuery(reportQueries.check(number, code))
  return (
    <Resource query={query} skeleton={<Spin />}>
      {(check) => (
        <>
          <Verdict check={check} />
          {check.verdict === 'unknown' && <CheckForm key={`${number} ${code}`} number={number} code={code} />}
        </>
      )}
    </Resource>
  )
}
