import type { ChangeView } from '../../../server/changes/schema.ts'
import { isNewEnergy } from '../../../server/domain/vocabulary.ts'
import { count, NONE } from '../format.ts'
import type { Text } from '../i18n/index.ts'
import type { Column } from './DataList.tsx'
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

/** What a change is, with its reason or its packs. */
export function kindText(
  change: Pick<ChangeView, 'kind' | 'reason' | 'packs'>,
  { t, label }: Pick<Text, 't' | 'label'>,
): string {
  const kind = label('kind', change.kind)
  if (change.reason) return `${kind} · ${label('reason', change.reason)}`
  return change.packs === null ? kind : `${kind} · ${count(change.packs)} ${t('unit.packs')}`
}

/** The columns that every list of changes has. */
export function changeColumns<T extends ChangeView>(
  text: Text,
  countyName: (code: string) => string,
): Column<T>[] {
  const { t, label } = text
  return [
    { key: 'on', title: t('changes.period'), width: 108, card: 'head', render: (c) => c.on },
    {
      key: 'plate',
      title: t('field.plate'),
      width: 164,
      card: 'head',
      render: ({ vehicle }) => (
        <span className="plate-and-vin">
          <VehicleLink vin={vehicle.vin} plate={vehicle.plate} newEnergy={isNewEnergy(vehicle.energy)} />
          <span className="mono">{vehicle.vin}</span>
        </span>
      ),
    },
    { key: 'kind', title: t('field.kind'), width: 124, render: (c) => kindText(c, text) },
    { key: 'operator', title: t('field.operator'), width: 172, render: (c) => c.operatorName },
    { key: 'county', title: t('common.county'), width: 96, render: (c) => countyName(c.vehicle.county) },
    { key: 'energy', title: t('field.energy'), width: 112, render: (c) => label('energy', c.vehicle.energy) },
    { key: 'emission', title: t('field.emission'), width: 84, render: (c) => emissionText(c.vehicle, text) },
    { key: 'source', title: t('evidence.source'), width: 148, render: (c) => <SourceLink change={c} /> },
  ]
}
