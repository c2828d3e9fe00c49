import { PlusOutlined, SearchOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { useState } from 'react'
import type { Operator } from '../../../../server/operators/schema.ts'
import { queries } from '../../api/queries.ts'
import { useCan } from '../../app/session.tsx'
import { useCountyName } from '../../components/choices.tsx'
import { type Column, DataList } from '../../components/DataList.tsx'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { Panel } from '../../components/states.tsx'
import { Tag } from '../../components/Tag.tsx'
import { count, NONE } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { OperatorForm } from './OperatorForm.tsx'
import './operators.css'

/** The companies whose lists are taken: their names, where they belong, and how their lists are treated. */
export default function OperatorsPage() {
  const { t } = useText()
  const can = useCan()
  const query = useQuery(queries.operators())
  const [editing, setEditing] = useState<Operator | 'new' | null>(null)
  const [typed, setTyped] = useState('')
  const manages = can('operator.manage')
  const add = manages && (
    <Button
      type="primary"
      size="large"
      icon={<PlusOutlined />}
      onClick={() => setEditing('new')}
      data-testid="add-operator"
    >
      {t('operators.add')}
    </Button>
  )
  const q = typed.trim().toLowerCase()
  const matches = (o: Operator) =>
    [o.name, ...o.aliases, o.creditCode ?? ''].some((text) => text.toLowerCase().includes(q))
  return (
    <Page title={t('operators.title')} lead={t('operators.lead')} actions={add}>
      <Resource
        query={query}
        empty={{
          when: ({ items }) => items.length === 0,
          show: (
            <Panel
              testId="empty"
              title={t('operators.empty')}
              hint={t('operators.emptyHint')}
              actions={add}
            />
          ),
        }}
      >
        {({ items }) => {
          const found = items.filter(matches)
          return (
            <>
              <search className="filters">
                <div className="filter-wide" data-search>
                  <Input
                    allowClear
                    prefix={<SearchOutlined />}
                    value={typed}
                    maxLength={100}
                    placeholder={t('operators.search')}
                    aria-label={t('operators.search')}
                    onChange={(event) => setTyped(event.target.value)}
                    data-testid="operator-search"
                  />
                </div>
              </search>
              <div className="list-head">
                {t('common.total', { n: count(found.length), count: found.length })}
              </div>
              <div className="card card-flush">
                <OperatorTable items={found} onEdit={manages ? setEditing : null} />
              </div>
              {can('account.manage') && <p className="hint operators-hint">{t('operators.accounts')}</p>}
            </>
          )
        }}
      </Resource>
      <OperatorForm operator={editing} onClose={() => setEditing(null)} />
    </Page>
  )
}

function OperatorTable({ items, onEdit }: { items: Operator[]; onEdit: ((o: Operator) => void) | null }) {
  const { t, label, language } = useText()
  const countyName = useCountyName()
  const join = (texts: string[]) => texts.join(language === 'en' ? ', ' : '、')
  const columns: Column<Operator>[] = [
    {
      key: 'name',
      title: t('operators.name'),
      width: 250,
      card: 'head',
      render: (o) => (
        <>
          <b>{o.name}</b>
          {o.aliases.length > 0 && <div className="hint">{join(o.aliases)}</div>}
        </>
      ),
    },
    {
      key: 'county',
      title: t('common.county'),
      width: 116,
      render: (o) => (o.county ? countyName(o.county) : NONE),
    },
    {
      key: 'categories',
      title: t('operators.categories'),
      width: 200,
      render: (o) => join(o.categories.map((c) => label('category', c))) || NONE,
    },
    {
      key: 'creditCode',
      title: t('operators.creditCode'),
      width: 190,
      render: (o) => (o.creditCode ? <span className="mono">{o.creditCode}</span> : NONE),
    },
    {
      key: 'state',
      title: t('operators.state'),
      width: 250,
      onCell: () => ({ className: 'wide' }),
      render: (o) => (
        <span className="tags">
          {o.reportsMonthly && <Tag tone="plain">{t('operators.monthly')}</Tag>}
          {o.trusted && <Tag tone="good">{t('operators.trusted')}</Tag>}
        </span>
      ),
    },
    ...(onEdit
      ? [
          {
            key: 'edit',
            title: <span className="visually-hidden">{t('operators.edit')}</span>,
            width: 90,
            align: 'right' as const,
            card: 'head' as const,
            render: (o: Operator) => (
              <Button type="link" size="small" onClick={() => onEdit(o)} data-testid={`edit-${o.name}`}>
                {t('operators.edit')}
              </Button>
            ),
          },
        ]
      : []),
  ]
  return (
    <DataList
      columns={columns}
      rows={items}
      rowKey={(o) => o.id}
      rowTestId={(o) => `operator-${o.name}`}
      emptyText={t('state.noMatch')}
      testId="operators-table"
    />
  )
}
