import { useMemo } from 'react'
import type { Vehicle } from '../../../../server/vehicles/schema.ts'
import { emissionBeside, Stacked } from '../../components/changeColumns.tsx'
import { useCountyName } from '../../components/choices.tsx'
import { type Column, DataList } from '../../components/DataList.tsx'
import { Tag } from '../../components/Tag.tsx'
import { VehicleLink } from '../../components/VehicleLink.tsx'
import { NONE } from '../../format.ts'
import { useText } from '../../i18n/index.ts'

/** Vehicles as a table, or as cards where there is no room for one. */
export function VehicleTable({ items }: { items: readonly Vehicle[] }) {
  const text = useText()
  const { t, label } = text
  const countyName = useCountyName()
  const columns = useMemo(
    (): Column<Vehicle>[] => [
      {
        key: 'plate',
        title: t('field.plate'),
        width: 164,
        fixed: 'left',
        card: 'head',
        render: (v) => (
          <span className="plate-and-vin">
            <VehicleLink vin={v.id} plate={v.plate} newEnergy={v.newEnergy} />
            <span className="mono">{v.vin}</span>
          </span>
        ),
      },
      {
        key: 'category',
        title: t('vehicles.category'),
        width: 112,
        render: (v) => label('category', v.category),
      },
      {
        key: 'energy',
        title: t('vehicles.energy'),
        width: 168,
        render: (v) => <Stacked first={label('energy', v.energy)} second={emissionBeside(v, text)} />,
      },
      {
        key: 'operator',
        title: t('field.operator'),
        width: 236,
        render: (v) => <Stacked first={v.operatorName} second={countyName(v.county)} />,
      },
      {
        key: 'registered',
        title: t('field.registeredOn'),
        width: 128,
        render: (v) => v.registeredOn ?? NONE,
      },
      { key: 'entered', title: t('vehicles.enteredOn'), width: 112, render: (v) => v.enteredOn },
      {
        key: 'status',
        title: t('vehicles.status'),
        width: 104,
        card: 'head',
        render: (v) => (
          <Tag tone={v.status === 'active' ? 'good' : 'plain'}>{label('vehicleStatus', v.status)}</Tag>
        ),
      },
    ],
    [text, t, label, countyName],
  )
  return <DataList columns={columns} rows={items} rowKey={(v) => v.id} testId="vehicles-table" />
}
