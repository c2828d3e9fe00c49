import { Link } from 'react-router-dom'
import type { DueVehicle } from '../../../../server/due/schema.ts'
import { address } from '../../api/client.ts'
import { emissionBeside, Stacked } from '../../components/changeColumns.tsx'
import type { Column } from '../../components/DataList.tsx'
import { Tag } from '../../components/Tag.tsx'
import { VehicleLink } from '../../components/VehicleLink.tsx'
import { count, NONE } from '../../format.ts'
import type { Text } from '../../i18n/index.ts'

/** So many days before the end a vehicle is soon due. */
const SOON = 90

/** How long a vehicle may still run, in words. */
export function TimeLeft({ days, text }: { days: number | null; text: Text }) {
  const { t } = text
  if (days === null) return <span className="none">{NONE}</span>
  const n = Math.abs(days)
  if (days === 0) return <Tag tone="warn">{t('due.lastDay')}</Tag>
  if (days < 0) return <Tag tone="bad">{t('due.daysOver', { n: count(n), count: n })}</Tag>
  return <Tag tone={days <= SOON ? 'warn' : 'plain'}>{t('due.daysLeft', { n: count(n), count: n })}</Tag>
}

/**
 * The columns of lists of what must go.
 * @param enters whether the reader may enter changes: then each vehicle's leaving can be entered from its line
 */
export function dueColumns(
  text: Text,
  countyName: (code: string) => string,
  enters: boolean,
): Column<DueVehicle>[] {
  const { t, label } = text
  const columns: Column<DueVehicle>[] = [
    {
      ...{ key: 'plate', title: t('field.plate'), width: 164, fixed: 'left', card: 'head' },
      render: (v) => (
        <span className="plate-and-vin">
          <VehicleLink vin={v.id} plate={v.plate} newEnergy={v.newEnergy} />
          <span className="mono">{v.vin}</span>
        </span>
      ),
    },
    {
      ...{ key: 'left', title: t('due.left'), width: 130, card: 'head' },
      render: (v) => <TimeLeft days={v.daysLeft} text={text} />,
    },
    {
      ...{ key: 'dueOn', title: t('due.dueOn'), width: 140 },
      render: (v) =>
        v.dueOn === null ? (
          NONE
        ) : (
          <Stacked first={v.dueOn} second={t('due.years', { n: v.years ?? 0, count: v.years ?? 0 })} />
        ),
    },
    {
      ...{ key: 'registered', title: t('due.registered'), width: 124 },
      render: (v) =>
        v.registeredOn === null ? (
          NONE
        ) : (
          <Stacked first={v.registeredOn} second={t('due.age', { n: v.age ?? 0, count: v.age ?? 0 })} />
        ),
    },
    {
      ...{ key: 'category', title: t('vehicles.category'), width: 112 },
      render: (v) => label('category', v.category),
    },
    {
      ...{ key: 'energy', title: t('vehicles.energy'), width: 150 },
      render: (v) => <Stacked first={label('energy', v.energy)} second={emissionBeside(v, text)} />,
    },
    {
      ...{ key: 'operator', title: t('field.operator'), width: 196 },
      render: (v) => <Stacked first={v.operatorName} second={countyName(v.county)} />,
    },
  ]
  if (!enters) return columns
  return [
    ...columns,
    {
      ...{ key: 'enter', title: '', width: 108 },
      render: (v) => (
        <Link to={address('/changes/new', { kind: 'retired', plate: v.plate })}>{t('due.enter')}</Link>
      ),
    },
  ]
}
