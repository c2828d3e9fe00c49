import { useQuery } from '@tanstack/react-query'
import type { OpenField, OpenResource } from '../../../../server/open-data/schema.ts'
import { fileAddress } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'
import { ExportButton } from '../../components/ExportButton.tsx'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { instant } from '../../format.ts'
import { type TextKey, useText } from '../../i18n/index.ts'
import './quality.css'

/** What the open data are, column by column, and the files. */
export default function OpenDataPage() {
  const { t, language } = useText()
  const query = useQuery(queries.openData(language))
  return (
    <Page title={t('openDataPage.nav')} lead={t('openDataPage.lead')}>
      <Resource query={query}>
        {(data) => (
          <div className="open-data">
            <section className="card">
              <h2>{data.title}</h2>
              <p>{data.description}</p>
              <p className="hint">
                {t('openDataPage.asOf', { at: instant(data.created) })} ·{' '}
                {t('openDataPage.version', { n: data.version })}
              </p>
              <h3>{t('openDataPage.privacyTitle')}</h3>
              <p>{t('openDataPage.privacy')}</p>
              <p className="hint">
                {t('openDataPage.standard', { path: '' })}
                <a href={fileAddress('/open-data', { language })}>GET /api/v1/open-data</a>
              </p>
            </section>
            {data.resources.map((resource) => (
              <DataSet key={resource.name} resource={resource} />
            ))}
          </div>
        )}
      </Resource>
    </Page>
  )
}

function DataSet({ resource: { name, title, description, path, schema } }: { resource: OpenResource }) {
  const { t } = useText()
  const { fields } = schema
  return (
    <section className="card" data-testid={`open-${name}`}>
      <div className="section-head">
        <h2>{title}</h2>
        <ExportButton path={`/${path.replace(/\.csv$/, '')}`} query={{}} formats={['csv']} />
      </div>
      <p>{description}</p>
      <details open={fields.length < 20}>
        <summary>{t('openDataPage.columns', { n: fields.length })}</summary>
        <div className="open-columns">
          <table>
            <thead>
              <tr>
                <th>{t('openDataPage.column')}</th>
                <th>{t('openDataPage.type')}</th>
                <th>{t('openDataPage.meaning')}</th>
              </tr>
            </thead>
            <tbody>
              {fields.map((field) => (
                <Field key={field.name} field={field} />
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  )
}

function Field({ field: { name, type, description, categories } }: { field: OpenField }) {
  const { t, language } = useText()
  const codes = categories
    ?.map(({ value, label }) => `${value} ${label}`)
    .join(language === 'en' ? ', ' : '，')
  return (
    <tr>
      <td>
        <code>{name}</code>
      </td>
      <td>{t(`openDataPage.types.${type}` as TextKey)}</td>
      <td>
        {description}
        {codes && <small>{codes}</small>}
      </td>
    </tr>
  )
}
