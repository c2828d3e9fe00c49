import type { Due } from '../../../../server/due/schema.ts'
import { count } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import type { DueValues } from './filters.tsx'

interface Tile {
  key: 'total' | 'overdue' | 'undetermined'
  n: number
  tone: 'bad' | ''
  hint: string
  pressed: boolean
  choose: () => void
}

/** The numbers that matter first; each opens its vehicles below. */
export function DueTiles(props: {
  due: Due
  values: DueValues
  set: (changes: Partial<Record<'month' | 'overdue' | 'undetermined', string>>) => void
}) {
  const { due, values, set } = props
  const { t, label } = useText()
  const choose = (overdue: string, undetermined: string) => set({ month: '', overdue, undetermined })
  const isOverdue = values.overdue === 'true' && values.month === ''
  const isUndetermined = values.undetermined === 'true'
  const tiles: Tile[] = [
    {
      ...{ key: 'total', n: due.total, tone: '', hint: t('due.totalHint', { until: due.until }) },
      ...{ pressed: !isOverdue && !isUndetermined, choose: () => choose('', '') },
    },
    {
      ...{ key: 'overdue', n: due.overdue, tone: due.overdue > 0 ? 'bad' : '', hint: t('due.overdueHint') },
      ...{ pressed: isOverdue, choose: () => choose('true', '') },
    },
    {
      ...{ key: 'undetermined', n: due.undetermined, tone: '', hint: t('due.undeterminedHint') },
      ...{ pressed: isUndetermined, choose: () => choose('', 'true') },
    },
  ]
  return (
    <div className="due-tiles">
      {tiles.map(({ key, n, tone, hint, pressed, choose }) => (
        <button
          key={key}
          type="button"
          className={`due-tile ${tone}`}
          aria-pressed={pressed}
          onClick={choose}
          data-testid={`due-${key}`}
        >
          <span>{t(`due.${key}`)}</span>
          <b>{count(n)}</b>
          <small>{hint}</small>
        </button>
      ))}
      {due.withoutLife.length > 0 && (
        <div className="due-tile due-tile-plain" data-testid="due-without-life">
          <span>{t('due.withoutLife')}</span>
          <b>{count(due.withoutLife.reduce((sum, { total }) => sum + total, 0))}</b>
          <small>
            {due.withoutLife
              .map(({ category, total }) =>
                t('due.withoutLifeHint', { category: label('category', category), n: count(total) }),
              )
              .join(' · ')}
          </small>
        </div>
      )}
    </div>
  )
}
