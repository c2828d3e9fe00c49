import { EditOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useSearchParams } from 'react-router-dom'
import type { PolicyView } from '../../../../server/policies/schema.ts'
import { queries } from '../../api/queries.ts'
import { useCan } from '../../app/session.tsx'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { useText } from '../../i18n/index.ts'
import { PolicyEditor } from './PolicyEditor.tsx'
import { PolicyHead } from './PolicyHead.tsx'
import { PolicyLives } from './PolicyLives.tsx'
import { PolicyRules } from './PolicyRules.tsx'
import { Versions } from './Versions.tsx'
import './policy.css'

/** The rules in words with their sources and readings, and their versions; administrators make new ones. */
export default function PolicyPage() {
  const { t } = useText()
  const can = useCan()
  const query = useQuery(queries.policy())
  const [params, setParams] = useSearchParams()
  const manages = can('policy.manage')
  const editing = manages && params.has('edit')
  const edit = (on: boolean) => setParams(on ? { edit: '' } : {})
  const actions = manages && !editing && (
    <Button
      type="primary"
      size="large"
      icon={<EditOutlined />}
      disabled={query.data === undefined}
      onClick={() => edit(true)}
      data-testid="policy-edit"
    >
      {t('policy.edit')}
    </Button>
  )
  return (
    <Page
      title={t(editing ? 'policy.editTitle' : 'policy.title')}
      lead={t(editing ? 'policy.editLead' : 'policy.lead')}
      actions={actions}
    >
      <Resource query={query}>
        {(view) =>
          editing ? <PolicyEditor view={view} onDone={() => edit(false)} /> : <PolicyInForce view={view} />
        }
      </Resource>
    </Page>
  )
}

function PolicyInForce({ view }: { view: PolicyView }) {
  return (
    <div className="policy">
      <PolicyHead view={view} />
      <PolicyRules rules={view.rules} />
      <PolicyLives policy={view.policy} />
      <Versions versions={view.versions} />
    </div>
  )
}
