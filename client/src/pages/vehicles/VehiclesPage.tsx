import { queries } from '../../api/queries.ts'
import { ListHead, useListTotal } from '../../components/ListHead.tsx'
import { ListMore } from '../../components/ListMore.tsx'
import { Nothing, NothingRecorded } from '../../components/Nothing.tsx'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { RowKeys } from '../../components/RowKeys.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { useList } from '../../components/useList.ts'
import { usePast } from '../../components/usePast.ts'
import { useText } from '../../i18n/index.ts'
import { EnterButton } from '../entry/EnterButton.tsx'
import { FILTERS, VehicleFilters } from './filters.tsx'
import { VehicleTable } from './VehicleTable.tsx'
import './vehicles.css'

/** The register: every vehicle on the ledger, today's or a past one, found as one types. */
export default function VehiclesPage() {
  const { t } = useText()
  const { asOf, knownAt, active: past } = usePast()
  const { values, set, clear, active } = useAddress(FILTERS)
  const query = { ...values, asOf, knownAt }
  const list = useList(queries.vehicles(query))
  const { total, atLeast } = useListTotal('/vehicles', query, list)
  return (
    <Page title={t('vehicles.title')} past actions={<EnterButton />}>
      <RowKeys busy={list.stale} onEnd={list.more.hasNext ? list.more.onMore : undefined}>
        <VehicleFilters values={values} set={set} clear={clear} />
        <Resource
          query={list.query}
          empty={{
            when: (items) => items.length === 0,
            show: (
              <Nothing filtered={active} onClear={clear} past={t('past.emptyVehicles')}>
                <NothingRecorded hint={t('vehicles.empty')} />
              </Nothing>
            ),
          }}
        >
          {(items) => (
            <>
              <ListHead
                path="/vehicles"
                query={query}
                total={total}
                atLeast={atLeast}
                unit="vehicles.total"
                testId="vehicles-total"
                note={past ? t('past.byVin') : undefined}
              />
              <div className={list.stale ? 'card card-flush stale' : 'card card-flush'}>
                <VehicleTable items={items} />
                <ListMore shown={items.length} total={atLeast ? undefined : total} {...list.more} />
              </div>
            </>
          )}
        </Resource>
      </RowKeys>
    </Page>
  )
}
