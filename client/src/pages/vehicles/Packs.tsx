import type { ChangeView } from '../../../../server/changes/schema.ts'
import type { VehicleWithHistory } from '../../../../server/vehicles/schema.ts'
import { type Column, DataList } from '../../components/DataList.tsx'
import { count, NONE } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { installedNow } from './installed.ts'

/** The battery swaps of a vehicle, with the codes of the packs where they were told, and those that are in it now. */
export function Packs({ vehicle }: { vehicle: VehicleWithHistory }) {
  const { t } = useText()
  const swaps = vehicle.history.filter((change) => change.kind === 'battery-swap' && change.voidedAt === null)
  if (swaps.length === 0) return null
  const total = swaps.reduce((sum, change) => sum + (change.packs ?? 0), 0)
  // What becomes of the packs of a vehicle that has left is not known.
  const present = vehicle.status === 'active' ? installedNow(swaps) : []
  return (
    <section className="card" aria-labelledby="packs-title" data-testid="packs">
      <div className="card-head">
        <h2 id="packs-title">{t('packs.title')}</h2>
        <span className="hint">{t('packs.total', { n: count(total), count: total })}</span>
      </div>
      <SwapTable swaps={swaps} />
      {present.length > 0 && (
        <p className="packs-now">
          <span className="hint">{t('packs.current')}</span> <Codes codes={present} />
        </p>
      )}
    </section>
  )
}

function SwapTable({ swaps }: { swaps: readonly ChangeView[] }) {
  const { t } = useText()
  const columns: Column<ChangeView>[] = [
    { key: 'on', title: t('packs.on'), width: 120, card: 'head', render: (c) => c.on },
    {
      key: 'packs',
      title: t('packs.count'),
      width: 76,
      align: 'right',
      card: 'head',
      render: (c) => `${count(c.packs)} ${t('unit.packs')}`,
    },
    {
      key: 'installed',
      title: t('packs.installed'),
      width: 220,
      onCell: () => ({ className: 'wide' }),
      render: (c) => <Codes codes={c.batteries?.installed ?? []} />,
    },
    {
      key: 'removed',
      title: t('packs.removed'),
      width: 220,
      onCell: () => ({ className: 'wide' }),
      render: (c) => <Codes codes={c.batteries?.removed ?? []} />,
    },
    {
      key: 'chemistry',
      title: t('packs.chemistry'),
      width: 150,
      render: (c) => (c.batteries?.chemistry ? t(`entry.chemistry.${c.batteries.chemistry}`) : NONE),
    },
    {
      key: 'capacity',
      title: t('packs.capacity'),
      width: 104,
      align: 'right',
      render: (c) =>
        c.batteries?.capacityKwh ? t('packs.kwh', { n: count(c.batteries.capacityKwh) }) : NONE,
    },
  ]
  return <DataList columns={columns} rows={swaps} rowKey={(c) => c.id} testId="packs-table" />
}

function Codes({ codes }: { codes: readonly string[] }) {
  const { t } = useText()
  if (codes.length === 0) return <span className="hint">{t('packs.noCodes')}</span>
  return (
    <span className="codes">
      {codes.map((code) => (
        <span key={code} className="mono">
          {code}
        </span>
      ))}
    </span>
  )
}
