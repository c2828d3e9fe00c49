import { useMemo } from 'react'
import { useParams } from 'react-router-dom'
import type { ImportView } from '../../../../server/imports/schema.ts'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { ImportTag } from '../../components/Tag.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { Columns } from './Columns.tsx'
import { Counts } from './Counts.tsx'
import { Decision } from './Decision.tsx'
import { Effects } from './Effects.tsx'
import { RowGrid } from './RowGrid.tsx'
import { Standing } from './Standing.tsx'
import { useImport } from './useImport.ts'
import './uploads.css'

/** One list: its progress, its preview, the decision, and what came of it. */
export default function UploadPage() {
  const { id = '' } = useParams()
  const { t } = useText()
  const query = useImport(id)
  const view = query.data
  return (
    <Page
      title={t('import.title', { filename: view?.filename ?? '' })}
      back={{ to: '/uploads', text: t('uploads.title') }}
      lead={view && <Lead view={view} />}
      actions={view?.status === 'checked' && <Decision view={view} />}
    >
      <Resource query={query}>{(data) => <Body view={data} />}</Resource>
    </Page>
  )
}

function Lead({ view }: { view: ImportView }) {
  const { t } = useText()
  return (
    <span className="import-lead">
      <ImportTag status={view.status} />
      <span>{t('import.sent', { name: view.sentBy.name, at: instant(view.sentAt) })}</span>
      {view.headerRow > 0 && (
        <span>
          {view.sheet
            ? t('import.sheet', { sheet: view.sheet, row: view.headerRow })
            : t('import.headerRow', { row: view.headerRow })}
        </span>
      )}
    </span>
  )
}

function Body({ view }: { view: ImportView }) {
  const { values, set } = useAddress(['outcome', 'code'] as const)
  const filter = useMemo(() => ({ outcome: values.outcome, code: values.code }), [values])
  const parsed = view.status !== 'parsing' && view.status !== 'failed'
  return (
    <>
      <Standing view={view} />
      {parsed && (
        <>
          <Effects view={view} />
          <Counts view={view} filter={filter} onFilter={(next) => set(next, { replace: true })} />
          <Columns view={view} />
          <RowGrid view={view} filter={filter} />
        </>
      )}
    </>
  )
}
