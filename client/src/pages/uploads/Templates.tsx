import { DownloadOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Popover, Select } from 'antd'
import { useState } from 'react'
import { CATEGORIES } from '../../../../server/domain/vocabulary.ts'
import { fileAddress } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'
import { useMe } from '../../app/session.tsx'
import { useText } from '../../i18n/index.ts'

/** Forms to fill in: an empty one for a category, or an operator's present fleet to correct. */
export function Templates() {
  const { t } = useText()
  const [open, setOpen] = useState(false)
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      open={open}
      onOpenChange={setOpen}
      title={t('send.templateTitle')}
      content={<TemplatePanel />}
    >
      <Button size="large" icon={<DownloadOutlined />} aria-expanded={open} data-testid="templates">
        {t('send.template')}
      </Button>
    </Popover>
  )
}

function TemplatePanel() {
  const { t, label } = useText()
  const me = useMe()
  const operators = useQuery({ ...queries.operators(), enabled: me.operator === null })
  const [chosen, setChosen] = useState<string | null>(null)
  const operator = me.operator ?? chosen
  return (
    <div className="templates">
      <p className="hint">{t('send.templateHint')}</p>
      <h3>{t('send.templateFleet')}</h3>
      <p className="hint">{t('send.templateFleetHint')}</p>
      {me.operator === null && (
        <Select<string>
          showSearch={{ optionFilterProp: 'label' }}
          value={chosen}
          placeholder={t('send.templateOperator')}
          aria-label={t('send.templateOperator')}
          options={operators.data?.items.map((o) => ({ value: o.id, label: o.name })) ?? []}
          onChange={setChosen}
          data-testid="template-operator"
        />
      )}
      <Button
        icon={<DownloadOutlined />}
        disabled={operator === null}
        {...(operator === null
          ? {}
          : { href: fileAddress('/imports/template.xlsx', { fleet: true, operator }), download: true })}
        data-testid="template-fleet"
      >
        {t('send.templateFleet')}
      </Button>
      <h3>{t('send.templateCategory')}</h3>
      <ul className="template-links">
        <li>
          <a href={fileAddress('/imports/template.xlsx')} download data-testid="template-any">
            {t('send.templateAny')}
          </a>
        </li>
        {CATEGORIES.map((category) => (
          <li key={category}>
            <a
              href={fileAddress('/imports/template.xlsx', { category })}
              download
              data-testid={`template-${category}`}
            >
              {label('category', category)}
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}
