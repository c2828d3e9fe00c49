import { Button, Space } from 'antd'
import { Link } from 'react-router-dom'
import type { ImportRowView } from '../../../../../server/imports/schema.ts'
import { useMe } from '../../../app/session.tsx'
import { Tag } from '../../../components/Tag.tsx'
import { NONE } from '../../../format.ts'
import { useText } from '../../../i18n/index.ts'
import { useShownValue } from '../fields.ts'
import { isAlarm } from './columns.ts'
import type { Mending } from './useMending.ts'
import { WORDS } from './words.ts'

/** What a row's buttons open. */
export type RowDialog = { kind: 'replaced' | 'retired' | 'transferred' | 'dispute'; row: ImportRowView }

/** What can be done with rows beside mending their cells. */
export interface RowActions {
  open: (dialog: RowDialog) => void
  /** whether a row can be disputed by the reader */
  mayDispute: (row: ImportRowView) => boolean
}

/** What is wrong with a row, and what can be done about it right there. */
export function RowProblems(props: { row: ImportRowView; mending: Mending; actions: RowActions }) {
  const { row, mending, actions } = props
  const { t, issue } = useText()
  const me = useMe()
  const unclassed = row.issues.some((i) => i.code === 'kind.unclassed')
  const { touches, dispute } = row
  return (
    <>
      {isAlarm(row) && <Tag tone="bad">{t('fleetRow.alarm')}</Tag>}
      {row.issues.length > 0 && (
        <ul className="problems">
          {row.issues.map((i) => (
            <li key={`${i.code} ${i.field}`} className={`problem-${i.severity}`}>
              {issue(i.code, i.params, i.field)}
            </li>
          ))}
        </ul>
      )}
      {row.outcome === 'changed' && <Differences row={row} />}
      {touches.length > 0 && (
        <div className="problem-warning">
          {t('grid.touches', { names: touches.map((o) => o.name).join('、') })}
        </div>
      )}
      {row.outcome === 'missing' && <Missing {...props} />}
      {unclassed && mending.may && <Classes {...props} />}
      {dispute && (
        <Link to={`/disputes/${dispute.id}`} data-testid="row-dispute">
          {t('disputes.title')} · {t(`disputes.${dispute.status}`)}
        </Link>
      )}
      {me.operator !== null && actions.mayDispute(row) && (
        <Button
          type="link"
          size="small"
          className="row-action"
          onClick={() => actions.open({ kind: 'dispute', row })}
          data-testid={`dispute-${row.row}`}
        >
          {t('disputes.raise')}
        </Button>
      )}
    </>
  )
}

/** What is put right in the register. */
function Differences({ row }: { row: ImportRowView }) {
  const { label } = useText()
  const shown = useShownValue()
  return (
    <ul className="row-differences">
      {row.differences.map(({ field, before, after }) => (
        <li key={field} className="cell-change">
          <span className="hint">{label('field', field)}</span>{' '}
          <del>{shown(field, before ?? '', true) || NONE}</del>
          <span aria-hidden> → </span>
          <ins>{shown(field, after ?? '', true) || NONE}</ins>
        </li>
      ))}
    </ul>
  )
}

/** A new vehicle of a fleet list: stock, added, or in place of which one. */
function Classes({ row, mending, actions }: Parameters<typeof RowProblems>[0]) {
  const { label } = useText()
  return (
    <Space.Compact size="small" className="row-action" data-testid={`class-${row.row}`}>
      <Button onClick={() => mending.mend(row, { kind: WORDS.stock })} data-testid="class-stock">
        {label('kind', 'stock')}
      </Button>
      <Button onClick={() => mending.mend(row, { kind: WORDS.added })} data-testid="class-added">
        {label('kind', 'added')}
      </Button>
      <Button onClick={() => actions.open({ kind: 'replaced', row })} data-testid="class-replaced">
        {label('kind', 'replaced')}…
      </Button>
    </Space.Compact>
  )
}

/** A vehicle that the list does not name: what became of it is asked, never assumed. */
function Missing({ row, mending, actions }: Parameters<typeof RowProblems>[0]) {
  const { t, label } = useText()
  const { kind, on, reason, toOperator, toCounty } = row.values
  if (kind) {
    const still = kind === WORDS.stock || kind === 'stock'
    const told = [on, reason, toOperator, toCounty].filter(Boolean).join(' · ')
    return (
      <div className="row-answer" data-testid="missing-answer">
        {still ? t('fleetRow.inUseLine') : `${label('kind', kind)}${told ? ` · ${told}` : ''}`}
        {mending.may && (
          <Button type="link" size="small" onClick={() => mending.mend(row, WORDS.noAnswer)}>
            {t('fleetRow.answerUndo')}
          </Button>
        )}
      </div>
    )
  }
  return (
    <>
      <div className="hint">{t('fleetRow.undecided')}</div>
      {mending.may && (
        <Space.Compact size="small" className="row-action">
          <Button onClick={() => actions.open({ kind: 'retired', row })} data-testid="missing-retired">
            {t('fleetRow.retired')}
          </Button>
          <Button
            onClick={() => actions.open({ kind: 'transferred', row })}
            data-testid="missing-transferred"
          >
            {t('fleetRow.transferred')}
          </Button>
          <Button onClick={() => mending.mend(row, { kind: WORDS.stock })} data-testid="missing-in-use">
            {t('fleetRow.inUse')}
          </Button>
        </Space.Compact>
      )}
    </>
  )
}
