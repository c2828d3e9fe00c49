import type { ChangeView } from '../../../server/changes/schema.ts'
import { hasExhaust, isNewEnergy } from '../../../server/domain/vocabulary.ts'
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
  return hasExhaust(energy) ? t('vehicle.emissionUnknown') : NONE
}

/** The same beside the energy, where an emission standard that does not apply is left out. */
export const emissionBeside = (
  vehicle: Pick<ChangeView['vehicle'], 'energy' | 'emission'>,
  { t, label }: Pick<Text, 't' | 'label'>,
): string => {
  if (vehicle.emission !== null) return label('emission', vehicle.emission)
  return hasExhaust(vehicle.energy) ? t('filters.emissionUnknown') : ''
}

/** Two facts that belong together, one below the other. */
export const Stacked = ({ first, second }: { first: string; second: string }) => (
  <span className="stacked">
    {first}
    {second && <small>{second}</small>}
  </span>
)

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
    { key: 'on', title: t('changes.period'), width: 112, card: 'head', render: (c) => c.on },
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
    { key: 'kind', title: t('field.kind'), width: 120, render: (c) => kindText(c, text) },
    {
      key: 'operator',
      title: t('field.operator'),
      width: 184,
      render: (c) => <Stacked first={c.operatorName} second={countyName(c.vehicle.county)} />,
    },
    {
      key: 'energy',
      title: t('field.energy'),
      width: 120,
      render: ({ vehicle }) => (
        <Stacked first={label('energy', vehicle.energy)} second={emissionBeside(vehicle, text)} />
      ),
    },
    { key: 'source', title: t('evidence.source'), width: 144, render: (c) => <SourceLink change={c} /> },
  ]
}
