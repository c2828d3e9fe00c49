import { Button } from 'antd'
import type { TokenView } from '../../api/security.ts'
import { type Column, DataList } from '../../components/DataList.tsx'
import { Tag } from '../../components/Tag.tsx'
import { instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'

/** The tokens of an account. */
export function TokenList(props: { tokens: TokenView[]; onRevoke: (token: TokenView) => void }) {
  const { t, label, language } = useText()
  const columns: Column<TokenView>[] = [
    {
      key: 'name',
      title: t('tokens.name'),
      width: 170,
      card: 'head',
      render: (token) => <b>{token.name}</b>,
    },
    {
      key: 'permissions',
      title: t('tokens.permissions'),
      width: 260,
      onCell: () => ({ className: 'wide' }),
      render: (token) =>
        token.permissions.map((one) => label('auditPermission', one)).join(language === 'en' ? '; ' : '、'),
    },
    { key: 'created', title: t('tokens.created'), width: 150, render: (token) => instant(token.createdAt) },
    {
      key: 'expires',
      title: t('tokens.expires'),
      width: 190,
      render: (token) => (
        <span className="tags">
          {instant(token.expiresAt)}
          {new Date(token.expiresAt) <= new Date() && <Tag tone="bad">{t('tokens.expired')}</Tag>}
        </span>
      ),
    },
    {
      key: 'used',
      title: t('tokens.lastUsed'),
      width: 150,
      render: (token) => (token.lastUsedAt ? instant(token.lastUsedAt) : t('tokens.neverUsed')),
    },
    {
      key: 'revoke',
      title: <span className="visually-hidden">{t('tokens.revoke')}</span>,
      width: 90,
      align: 'right',
      card: 'head',
      render: (token) => (
        <Button
          type="link"
          size="small"
          danger
          onClick={() => props.onRevoke(token)}
          data-testid={`revoke-${token.name}`}
        >
          {t('tokens.revoke')}
        </Button>
      ),
    },
  ]
  return (
    <div className="card card-flush">
      <DataList
        columns={columns}
        rows={props.tokens}
        rowKey={(token) => token.id}
        emptyText={t('tokens.emptyOther')}
        testId="tokens"
      />
    </div>
  )
}
