import { Segmented } from 'antd'
import { MISSING_FACTS, type MissingFact } from '../../../../server/quality/schema.ts'
import type { Vehicle } from '../../../../server/vehicles/schema.ts'
import { queries } from '../../api/queries.ts'
import { useCan, useMe } from '../../app/session.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { useText } from '../../i18n/index.ts'
import { VehicleTable } from '../vehicles/VehicleTable.tsx'
import { BehindPage } from './BehindPage.tsx'
import '../vehicles/vehicles.css'

/** The vehicles in service of which a fact is missing. */
export default function MissingPage() {
  const { t } = useText()
  const corrects = useCan()('change.write')
  const own = useMe().operator !== null
  const { values, set, clear } = useAddress(['fact', 'county', 'operator'] as const)
  const { county, operator } = values
  const fact: MissingFact = values.fact === 'emission' ? 'emission' : 'registration'
  const query = { fact, county, operator }
  return (
    <BehindPage
      {...{ values, set, query, path: '/quality/missing' }}
      clear={() => {
        clear()
        set({ fact })
      }}
      active={county !== '' || operator !== ''}
      title={t(`qualityPage.missingTitle.${fact}`)}
      lead={() =>
        corrects ? t(`qualityPage.missingLead.${fact}`) : own ? t('qualityPage.missingOwn') : undefined
      }
      list={queries.missingFacts(query)}
      unit="vehicles.total"
      filters={
        <Segmented
          value={fact}
          onChange={(chosen) => set({ fact: chosen })}
          aria-label={t('qualityPage.missingTabs')}
          data-testid="missing-fact"
          options={MISSING_FACTS.map((value) => ({
            value,
            label: t(value === 'emission' ? 'qualityPage.tabEmission' : 'qualityPage.tabRegistration'),
          }))}
        />
      }
      empty={{ title: t('qualityPage.missingEmpty'), hint: t('qualityPage.missingEmptyHint') }}
    >
      {(items: Vehicle[]) => <VehicleTable items={items} />}
    </BehindPage>
  )
}
