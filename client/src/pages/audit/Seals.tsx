import type { SealView } from '../../../../server/seals/schema.ts'
import { queries } from '../../api/queries.ts'
import { CopyButton } from '../../components/CopyText.tsx'
import { type Column, DataList } from '../../components/DataList.tsx'
import { ListCard } from '../../components/ListCard.tsx'
import { Resource } from '../../components/Resource.tsx'
import { Panel } from '../../components/states.tsx'
import { useList } from '../../components/useList.ts'
import { count, instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'

/** The seals of the ledger's days, and what they are good for. */
export function Seals() {
  const { t } = useText()
  const list = useList(queries.seals())
  return (
    <>
      <div className="card audit-explained">
        <p>{t('seals.what')}</p>
        <p>{t('seals.how')}</p>
      </div>
      <Resource
        query={list.query}
        empty={{
          when: (items) => items.length === 0,
          show: <Panel testId="empty" title={t('seals.empty')} hint={t('seals.emptyHint')} />,
        }}
      >
        {(items) => (
          <>
            <div className="list-head" data-testid="seals-latest">
              {t('seals.latest', { day: items[0]?.day ?? '', n: count(list.total ?? items.length) })}
            </div>
            <ListCard list={list}>
              <SealTable items={items} />
            </ListCard>
          </>
        )}
      </Resource>
    </>
  )
}

function SealTable({ items }: { items: SealView[] }) {
  const { t } = useText()
  const columns: Column<SealView>[] = [
    { key: 'day', title: t('seals.day'), width: 120, card: 'head', render: (seal) => seal.day },
    {
      key: 'entries',
      title: t('seals.entries'),
      width: 90,
      align: 'right',
      render: (seal) => count(seal.entries),
    },
    {
      key: 'voidings',
      title: t('seals.voidings'),
      width: 90,
      align: 'right',
      render: (seal) => count(seal.voidings),
    },
    {
      key: 'chain',
      title: t('seals.chain'),
      width: 560,
      onCell: () => ({ className: 'wide' }),
      render: (seal) => <Chain seal={seal} />,
    },
    { key: 'sealedAt', title: t('seals.sealedAt'), width: 150, render: (seal) => instant(seal.sealedAt) },
  ]
  return (
    <DataList
      columns={columns}
      rows={items}
      rowKey={(seal) => seal.day}
      rowTestId={(seal) => `seal-${seal.day}`}
      testId="seals-table"
    />
  )
}

/** A chain value, to be noted elsewhere. */
function Chain({ seal: { day, chain } }: { seal: SealView }) {
  const { t } = useText()
  return (
    <span className="audit-chain">
      <span className="mono">{chain}</span>
      <CopyButton text={`${day}=${chain}`} iconOnly>
        {t('seals.copy', { day })}
      </CopyButton>
    </span>
  )
}
