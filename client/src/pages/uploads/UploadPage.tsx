import { useMemo, useRef, useState } from 'react'
import { useParams } from 'react-router-dom'
import type { ImportView } from '../../../../server/imports/schema.ts'
import { useMe } from '../../app/session.tsx'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { ImportTag } from '../../components/Tag.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { fileSize, instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { Decision } from './Decision.tsx'
import { Effects } from './Effects.tsx'
import { ImportSteps } from './ImportSteps.tsx'
import { RowGrid } from './RowGrid.tsx'
import { ReadingCard } from './reading/ReadingCard.tsx'
import { Standing } from './Standing.tsx'
import { Touches } from './Touches.tsx'
import { useImport } from './useImport.ts'
import type { Mapping } from './useMapping.ts'
import './uploads.css'

/** One list: how it was read, its preview, the decision, and what came of it. */
export default function UploadPage() {
  const { id = '' } = useParams()
  const { t } = useText()
  const me = useMe()
  const query = useImport(id)
  const view = query.data
  return (
    <Page
      title={t('import.title', { filename: view?.filename ?? '' })}
      back={{ to: '/uploads', text: t(me.role === 'operator' ? 'uploads.mineTitle' : 'uploads.title') }}
      lead={view && <Lead view={view} />}
      actions={view && <Decision view={view} />}
    >
      <Resource query={query}>{(data) => <Body key={data.id} view={data} />}</Resource>
    </Page>
  )
}

function Lead({ view }: { view: ImportView }) {
  const { t } = useText()
  return (
    <span className="import-lead">
      <ImportTag status={view.status} />
      {view.operator && <span>{t('import.of', { operator: view.operator.name })}</span>}
      {view.status !== 'parsing' && view.status !== 'failed' && (
        <span>
          {view.mode === 'fleet' ? t('import.kindFleet', { asOf: view.asOf ?? '' }) : t('import.kindChanges')}
        </span>
      )}
      <span>{t('import.sent', { name: view.sentBy.name, at: instant(view.sentAt) })}</span>
      <span>{fileSize(view.size)}</span>
    </span>
  )
}

function Body({ view }: { view: ImportView }) {
  const { values, set } = useAddress(['outcome', 'code'] as const)
  const filter = useMemo(() => ({ outcome: values.outcome, code: values.code }), [values])
  const [undo, setUndo] = useState<Mapping | null>(null)
  // While a list is checked anew the preview before stays in sight, to read only.
  const before = useRef<ImportView | null>(null)
  if (isRead(view)) before.current = view
  const shown = isRead(view) ? view : view.status === 'parsing' ? before.current : null
  const again = shown !== null && shown !== view
  return (
    <>
      <ImportSteps view={view} />
      <Standing view={view} />
      {shown && (
        <div className={again ? 'preview stale' : 'preview'} inert={again}>
          <Touches view={shown} />
          {shown.status !== 'cancelled' && <Effects view={shown} />}
          <ReadingCard view={shown} undo={undo} onUndo={setUndo} />
          <RowGrid view={shown} filter={filter} onFilter={(next) => set(next, { replace: true })} />
        </div>
      )}
    </>
  )
}

const isRead = ({ status, columns, expired }: ImportView): boolean =>
  !expired && status !== 'parsing' && status !== 'failed' && columns.length > 0
