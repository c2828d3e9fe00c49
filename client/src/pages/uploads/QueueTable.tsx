import { Link } from 'react-router-dom'
import type { Effect } from '../../../../server/changes/schema.ts'
import type { ImportView } from '../../../../server/imports/schema.ts'
import { useMe } from '../../app/session.tsx'
import { type Column, DataList } from '../../components/DataList.tsx'
import { effectFigure, useRuleTitle } from '../../components/EffectList.tsx'
import { ImportTag } from '../../components/Tag.tsx'
import { ago, count, instant, NONE } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { breaks, moved, regains } from './effects.ts'
import { isPending, isWorking } from './useImport.ts'

/** Sent lists: whose they are, what came out, what they would do to the targets, how long they have waited. */
export function QueueTable({ items, tab }: { items: ImportView[]; tab: 'waiting' | 'all' | 'mine' }) {
  const { t } = useText()
  const me = useMe()
  const columns: Column<ImportView>[] = [
    {
      key: 'filename',
      title: t('uploads.filename'),
      width: 226,
      card: 'head',
      render: (row) => (
        <>
          <Link to={`/uploads/${row.id}`} className="filename">
            {row.filename}
          </Link>
          {me.operator === null && (
            <div className="hint">{row.operator?.name ?? t('uploads.severalOperators')}</div>
          )}
        </>
      ),
    },
    {
      key: 'status',
      title: t('vehicles.status'),
      width: 104,
      card: 'head',
      render: (row) => (
        <>
          <ImportTag status={row.status} />
          {row.automatic && <div className="hint">{t('uploads.automatic')}</div>}
        </>
      ),
    },
    {
      key: 'rows',
      title: t('uploads.rows'),
      width: 70,
      align: 'right',
      render: (row) => count(row.counts.total),
    },
    { key: 'outcome', title: t('uploads.outcome'), width: 180, render: (row) => <Outcome row={row} /> },
    {
      key: 'effects',
      title: t('uploads.effects'),
      width: 288,
      onCell: () => ({ className: 'wide' }),
      render: (row) => <EffectsAtGlance row={row} />,
    },
    {
      key: 'by',
      title: t('uploads.sentBy'),
      width: 150,
      render: (row) => (
        <>
          {row.sentBy.name}
          <div className="hint">{instant(row.submittedAt ?? row.sentAt)}</div>
        </>
      ),
    },
    ...(tab === 'waiting'
      ? [
          {
            key: 'age',
            title: t('uploads.age'),
            width: 100,
            render: (row: ImportView) => ago(row.submittedAt ?? row.sentAt, new Date(), t),
          },
        ]
      : []),
  ]
  return (
    <DataList
      columns={columns}
      rows={items}
      rowKey={(row) => row.id}
      rowTestId={(row) => `upload-${row.id}`}
      testId="uploads-table"
    />
  )
}

function Outcome({ row }: { row: ImportView }) {
  const { t } = useText()
  const { counts } = row
  if (isWorking(row.status))
    return t('import.progress', { done: count(row.progress.done), total: count(row.progress.total) })
  if (row.status === 'failed' || row.status === 'cancelled') return NONE
  const part = (n: number, key: 'errorRows' | 'warningRows' | 'missingRows', tone: string) =>
    n > 0 && <span className={tone}>{t(`uploads.${key}`, { n: count(n) })}</span>
  return (
    <span className="outcome">
      <span>
        {row.status === 'applied' || row.status === 'withdrawn'
          ? t('uploads.recordedRows', { n: count(row.recorded) })
          : t('uploads.newRows', { n: count(counts.toRecord) })}
      </span>
      {part(counts.error, 'errorRows', 'outcome-error')}
      {part(counts.warning, 'warningRows', 'outcome-warning')}
      {part(counts.missing, 'missingRows', 'outcome-warning')}
    </span>
  )
}

const SHOWN = 2
/** Targets that break or are regained come first. */
const weight = (effect: Effect): number => (breaks(effect) ? 2 : regains(effect) ? 1 : 0)

function EffectsAtGlance({ row }: { row: ImportView }) {
  const { t } = useText()
  const title = useRuleTitle()
  if (isWorking(row.status) || row.status === 'failed' || row.status === 'cancelled') return NONE
  const effects = moved(row.effects)
  if (effects.length === 0) return <span className="hint">{t('uploads.noEffect')}</span>
  const sorted = effects.sort((a, b) => weight(b) - weight(a))
  const pending = isPending(row.status)
  return (
    <ul className="glance">
      {sorted.slice(0, SHOWN).map((effect) => (
        <li key={effect.rule} className={pending && breaks(effect) ? 'glance-bad' : ''}>
          {title(effect.rule)} {effectFigure(effect.before)} → <b>{effectFigure(effect.after)}</b>
          {pending && breaks(effect) && <span> · {t('uploads.breaks')}</span>}
          {pending && regains(effect) && <span className="glance-good"> · {t('uploads.regains')}</span>}
        </li>
      ))}
      {sorted.length > SHOWN && (
        <li className="hint">
          {t('uploads.moreEffects', { n: sorted.length - SHOWN, count: sorted.length - SHOWN })}
        </li>
      )}
    </ul>
  )
}
