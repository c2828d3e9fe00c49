import { DownloadOutlined } from '@ant-design/icons'
import { useMemo, useState } from 'react'
import type { ImportView } from '../../../../server/imports/schema.ts'
import { fileAddress } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'
import { ListMore } from '../../components/ListMore.tsx'
import { Resource } from '../../components/Resource.tsx'
import { useList } from '../../components/useList.ts'
import { CARDS_WIDTH, useNarrow } from '../../components/useNarrow.ts'
import { useText } from '../../i18n/index.ts'
import { Counts, type RowFilter } from './Counts.tsx'
import { BulkBars } from './rows/BulkBars.tsx'
import { fieldColumns, isDisputable } from './rows/columns.ts'
import { DisputeDialog } from './rows/DisputeDialog.tsx'
import { Grid } from './rows/Grid.tsx'
import { RowCards } from './rows/RowCards.tsx'
import { ReplacedDialog, RetiredDialog, TransferredDialog } from './rows/RowDialogs.tsx'
import type { RowActions, RowDialog } from './rows/RowProblems.tsx'
import { type Mending, useMending } from './rows/useMending.ts'
import './rows/rows.css'

interface Props {
  view: ImportView
  filter: RowFilter
  onFilter: (filter: RowFilter) => void
}

/** The list row by row, by outcome and by fault; what is wrong is mended on the spot. */
export function RowGrid({ view, filter, onFilter }: Props) {
  const { t } = useText()
  const mending = useMending(view)
  const [dialog, setDialog] = useState<RowDialog | null>(null)
  const actions = useMemo<RowActions>(
    () => ({
      open: setDialog,
      mayDispute: (row) => view.may.includes('dispute') && isDisputable(row, view),
    }),
    [view],
  )
  return (
    <section className="card card-flush rows" aria-labelledby="rows-title">
      <div className="rows-head">
        <div className="card-head">
          <h2 id="rows-title">{t('grid.title')}</h2>
          {view.counts.error + view.counts.warning > 0 && (
            <a
              className="rows-file"
              href={fileAddress(`/imports/${view.id}/errors.xlsx`)}
              download
              data-testid="errors-link"
            >
              <DownloadOutlined /> {t('import.errorsFile')}
            </a>
          )}
        </div>
        <Counts view={view} filter={filter} onFilter={onFilter} />
        <BulkBars view={view} mending={mending} filter={filter} onFilter={onFilter} />
      </div>
      <Rows view={view} filter={filter} mending={mending} actions={actions} />
      {dialog && <Dialog view={view} dialog={dialog} mending={mending} onClose={() => setDialog(null)} />}
    </section>
  )
}

function Rows(props: { view: ImportView; filter: RowFilter; mending: Mending; actions: RowActions }) {
  const { view, filter, mending, actions } = props
  const { t, label } = useText()
  const narrow = useNarrow(CARDS_WIDTH)
  const list = useList(queries.importRows(view.id, { outcome: filter.outcome, code: filter.code }))
  const columns = useMemo(() => fieldColumns(view, list.items, label), [view, list.items, label])
  return (
    <Resource
      query={list.query}
      empty={{ when: (rows) => rows.length === 0, show: <p className="cards-empty">{t('grid.noRows')}</p> }}
    >
      {(rows) =>
        narrow ? (
          <>
            <RowCards rows={rows} columns={columns} mending={mending} actions={actions} />
            <ListMore shown={rows.length} {...list.more} />
          </>
        ) : (
          <Grid
            // another filter begins at its top
            key={`${filter.outcome} ${filter.code}`}
            rows={rows}
            columns={columns}
            total={filteredTotal(view, filter)}
            mending={mending}
            actions={actions}
            more={list.more}
          />
        )
      }
    </Resource>
  )
}

/** How many rows a filter leaves, as far as the counts tell. */
function filteredTotal({ counts, codes }: ImportView, { outcome, code }: RowFilter): number | undefined {
  if (code !== '') return codes[code]
  if (outcome === '') return counts.total + counts.missing
  return counts[outcome as keyof typeof counts]
}

function Dialog(props: { view: ImportView; dialog: RowDialog; mending: Mending; onClose: () => void }) {
  const { view, dialog, mending, onClose } = props
  const { kind, row } = dialog
  if (kind === 'dispute') return <DisputeDialog importId={view.id} row={row} onClose={onClose} />
  const Question = { replaced: ReplacedDialog, retired: RetiredDialog, transferred: TransferredDialog }[kind]
  return (
    <Question
      row={row}
      onClose={onClose}
      onCells={(cells) => {
        onClose()
        mending.mend(row, cells)
      }}
    />
  )
}
