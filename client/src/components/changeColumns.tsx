import type { TableColumnsType } from 'antd'
import type { ChangeView } from '../../../server/changes/schema.ts'
import { isNewEnergy } from '../../../server/domain/vocabulary.ts'
import type { Text } from '../i18n/index.ts'
import { NONE } from '../format.ts'
import { SourceLink } from './SourceLink.tsx'
import { VehicleLink } from './VehicleLink.tsx'

/** An emission standard in words: none for a vehicle without exhaust, unknown for one that nobody reported. */
export function emissionText(
  { energy, emission }: Pick<ChangeView['vehicle'], 'energy' | 'emission'>,
  { t, label }: Pick<Text, 't' | 'label'>,
): string {
  if (emission !== null) return label('emission', emission)
  return energy === 'BEV' || energy === 'FCEV' ? NONE : t('vehicle.emissionUnknown')
}

/** The columns that every list of changes has. */
export function changeColumns<T extends ChangeView>(text: Text, countyName: (code: string) => string): TableColumnsType<T> {
  const { t, label } = text
  return [
    { key: 'on', title: t('changes.period'), width: 112, render: (_, c) => c.on },
    {
      key: 'plate',
      title: t('field.plate'),
      width: 128,
      render: (_, c) => (
        <VehicleLink vin={c.vehicle.vin} plate={c.vehicle.plate} newEnergy={isNewEnergy(c.vehicle.energy)} />
      ),
    },
    { key: 'vin', title: t('field.vin'), width: 176, render: (_, c) => <span className="mono">{c.vehicle.vin}</span> },
    { key: 'operator', title: t('field.operator'), width: 230, render: (_, c) => c.operatorName },
    { key: 'county', title: t('common.county'), width: 108, render: (_, c) => countyName(c.vehicle.county) },
    {
      key: 'kind',
      title: t('field.kind'),
      width: 128,
      render: (_, c) => (c.reason ? `${label('kind', c.kind)} · ${label('reason', c.reason)}` : label('kind', c.kind)),
    },
    {
      key: 'energy',
      title: t('field.energy'),
      width: 150,
      render: (_, c) => label('energy', c.vehicle.energy),
    },
    { key: 'emission', title: t('field.emission'), width: 110, render: (_, c) => emissionText(c.vehicle, text) },
    { key: 'source', title: t('evidence.source'), width: 250, render: (_, c) => <SourceLink change={c} /> },
  ]
}
