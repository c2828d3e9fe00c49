import { useMemo, useState } from 'react'
import type { ChangeView } from '../../../../server/changes/schema.ts'
import { queries } from '../../api/queries.ts'
import { useCan } from '../../app/session.tsx'
import { changeColumns } from '../../components/changeColumns.tsx'
import { useCountyName } from '../../components/choices.tsx'
import { type Column, DataList } from '../../components/DataList.tsx'
import { ListCard } from '../../components/ListCard.tsx'
import { ListHead, useListTotal } from '../../components/ListHead.tsx'
import { Nothing, NothingRecorded } from '../../components/Nothing.tsx'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { RowKeys } from '../../components/RowKeys.tsx'
import { Tag } from '../../components/Tag.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { useList } from '../../components/useList.ts'
import { usePast } from '../../components/usePast.ts'
import { instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { EnterButton } from '../entry/EnterButton.tsx'
import { VoidChange } from '../vehicles/VoidChange.tsx'
import { ChangeFilters, FILTERS } from './filters.tsx'
import { RowActions } from './RowActions.tsx'
import './changes.css'

/** The ledger itself: every entry, voided ones on request, as it is or as it was known. */
export default function ChangesPage() {
  const { t } = useText()
  const { asOf, knownAt } = usePast()
  const { values, set, clear, active } = useAddress(FILTERS)
  const query = { ...values, asOf, knownAt }
  const list = useList(queries.changes(query))
  const { total } = useListTotal('/changes', query, list)
  return (
    <Page title={t('changes.title')} lead={t('changes.lead')} past actions={<EnterButton />}>
      <RowKeys busy={list.stale} onEnd={list.more.hasNext ? list.more.onMore : undefined}>
        <ChangeFilters values={values} set={set} clear={clear} />
        <Resource
          query={list.query}
          empty={{
            when: (items) => items.length === 0,
            show: (
              <Nothing filtered={active} onClear={clear} past={t('past.emptyChanges')}>
                <NothingRecorded hint={t('changes.empty')} />
              </Nothing>
            ),
          }}
        >
          {(items) => (
            <>
              <ListHead
                path="/changes"
                query={query}
                total={total}
                unit="common.total"
                testId="changes-total"
              />
              <ListCard list={list} total={total}>
                <ChangeTable items={items} />
              </ListCard>
            </>
          )}
        </Resource>
      </RowKeys>
    </Page>
  )
}

function ChangeTable({ items }: { items: ChangeView[] }) {
  const text = useText()
  const { t } = text
  const countyName = useCountyName()
  const can = useCan()
  const [voiding, setVoiding] = useState<ChangeView | null>(null)
  const writes = can('change.write')
  const columns = useMemo((): Column<ChangeView>[] => {
    const recorded: Column<ChangeView> = {
      key: 'recorded',
      title: t('changes.recordedAt'),
      width: 112,
      render: (c) => (c.voidedAt ? <Tag tone="bad">{t('vehicle.voided')}</Tag> : instant(c.recordedAt)),
    }
    const actions: Column<ChangeView> = {
      key: 'actions',
      title: '',
      width: 130,
      className: 'row-actions-cell',
      render: (c) => <RowActions change={c} onVoid={setVoiding} />,
    }
    return [...changeColumns<ChangeView>(text, countyName), recorded, ...(writes ? [actions] : [])]
  }, [text, t, countyName, writes])
  return (
    <>
      <DataList
        columns={columns}
        rows={items}
        rowKey={(c) => c.id}
        rowClass={(c) => (c.voidedAt ? 'voided' : '')}
        testId="changes-table"
      />
      <VoidChange change={voiding} onClose={() => setVoiding(null)} />
    </>
  )
}
