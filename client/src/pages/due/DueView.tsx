import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { Due } from '../../../../server/due/schema.ts'
import { queries } from '../../api/queries.ts'
import { Nothing, NothingRecorded } from '../../components/Nothing.tsx'
import { Resource } from '../../components/Resource.tsx'
import { useAddress } from '../../components/useAddress.ts'
import { useText } from '../../i18n/index.ts'
import { DueChart } from './DueChart.tsx'
import { DueList } from './DueList.tsx'
import { DueParts } from './DueParts.tsx'
import { DueTiles } from './DueTiles.tsx'
import { DueFilters, FILTERS } from './filters.tsx'

/** How many vehicles must go by a day, when and where, and which they are. */
export function DueView() {
  const { t } = useText()
  const { values, set, clear, active } = useAddress(FILTERS)
  const { county, operator, category, until } = values
  const place = { county, operator, category, until }
  const query = useQuery({ ...queries.due({ ...place, by: 'month' }), placeholderData: keepPreviousData })
  // What narrows the list only is a choice among what is counted.
  const narrowed = [county, operator, category, until].some((value) => value !== '')
  return (
    <>
      <DueFilters values={values} set={set} clear={clear} />
      <Resource
        query={query}
        empty={{
          when: isEmpty,
          show: (
            <Nothing filtered={narrowed} onClear={clear}>
              <NothingRecorded hint={t('due.empty')} />
            </Nothing>
          ),
        }}
      >
        {(due) => (
          <div className={query.isPlaceholderData ? 'stale' : ''}>
            <DueTiles due={due} values={values} set={set} />
            {due.total > 0 ? (
              <>
                <DueChart due={due} onPick={set} />
                <DueParts months={due} place={place} />
              </>
            ) : (
              <p className="card" data-testid="due-none">
                {t('due.none')}
              </p>
            )}
            <DueList values={values} active={active} clear={clear} />
          </div>
        )}
      </Resource>
    </>
  )
}

const isEmpty = (due: Due): boolean =>
  due.total === 0 && due.undetermined === 0 && due.withoutLife.length === 0
