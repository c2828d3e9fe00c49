import { PaperClipOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Alert } from 'antd'
import { Link, useParams } from 'react-router-dom'
import type { DisputeView } from '../../../../server/disputes/schema.ts'
import { fileAddress } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'
import { EffectList, useRuleTitle } from '../../components/EffectList.tsx'
import { Page } from '../../components/Page.tsx'
import { Resource } from '../../components/Resource.tsx'
import { fileSize, instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { moved } from '../uploads/effects.ts'
import { FIELD_ORDER, useShownValue } from '../uploads/fields.ts'
import { DecideDispute } from './DecideDispute.tsx'
import { DisputeTag } from './DisputeTag.tsx'
import './disputes.css'

/** One dispute: what is claimed and shown, the row as it was sent, what upholding does, and the decision. */
export default function DisputePage() {
  const { id = '' } = useParams()
  const { t } = useText()
  const query = useQuery(queries.dispute(id))
  const dispute = query.data
  const plate = dispute?.values.plate || dispute?.values.vin || ''
  return (
    <Page
      title={t('disputes.one', { plate })}
      back={{ to: '/disputes', text: t('disputes.back') }}
      lead={dispute && <Lead dispute={dispute} />}
    >
      <Resource query={query}>
        {(data) => (
          <>
            <Outcome dispute={data} />
            <Claim dispute={data} />
            <Row dispute={data} />
            {data.may.includes('decide') && <DecideDispute key={data.id} dispute={data} />}
          </>
        )}
      </Resource>
    </Page>
  )
}

function Lead({ dispute }: { dispute: DisputeView }) {
  const { t } = useText()
  return (
    <span className="import-lead">
      <DisputeTag status={dispute.status} />
      {dispute.operator && <span>{dispute.operator.name}</span>}
      <span>{t('disputes.raisedBy', { name: dispute.by.name, at: instant(dispute.at) })}</span>
    </span>
  )
}

function Outcome({ dispute }: { dispute: DisputeView }) {
  const { t } = useText()
  if (dispute.status === 'open')
    return dispute.may.includes('decide') ? null : (
      <Alert className="standing" type="info" showIcon title={t('disputes.waits')} />
    )
  return (
    <>
      <Alert
        className="standing"
        type={dispute.status === 'upheld' ? 'success' : 'warning'}
        showIcon
        title={t(`disputes.${dispute.status}`)}
        description={
          <>
            <div className="reason-said">{dispute.answer}</div>
            <div className="hint">
              {t('disputes.decidedBy', {
                name: dispute.decidedBy?.name ?? '',
                at: instant(dispute.decidedAt),
              })}
            </div>
          </>
        }
        data-testid="dispute-decided"
      />
      {dispute.status === 'upheld' && (
        <section className="card" aria-labelledby="effect-title">
          <h2 id="effect-title">{t('disputes.effectDone')}</h2>
          {moved(dispute.effects).length === 0 ? (
            <p className="hint">{t('disputes.effectNone')}</p>
          ) : (
            <EffectList effects={moved(dispute.effects)} />
          )}
        </section>
      )}
    </>
  )
}

function Claim({ dispute }: { dispute: DisputeView }) {
  const { t, language } = useText()
  const title = useRuleTitle()
  const { document } = dispute
  const rules = dispute.rules.map(title).join(language === 'en' ? ', ' : '、')
  return (
    <section className="card claim" aria-labelledby="claim-title">
      <h2 id="claim-title">{t('disputes.claim')}</h2>
      <p className="claim-text" data-testid="dispute-claim-text">
        {dispute.claim}
      </p>
      <dl className="facts">
        <div>
          <dt>{t('disputes.wish')}</dt>
          <dd>{t(dispute.wish === 'record' ? 'disputes.wishRecord' : 'disputes.wishExempt')}</dd>
        </div>
        {dispute.wish === 'exempt' && (
          <div>
            <dt>{t('disputes.rules')}</dt>
            <dd>{rules || t('disputes.rulesAll')}</dd>
          </div>
        )}
        <div>
          <dt>{t('disputes.document')}</dt>
          <dd>
            <a
              href={fileAddress(`/disputes/${dispute.id}/document`)}
              target="_blank"
              rel="noreferrer"
              data-testid="dispute-document"
            >
              <PaperClipOutlined /> {document.name}
            </a>{' '}
            <span className="hint">{fileSize(document.size)}</span>
          </dd>
        </div>
        <div>
          <dt>{t('disputes.fromList')}</dt>
          <dd>
            <Link to={`/uploads/${dispute.import}`}>
              {t('disputes.rowPlace', { filename: dispute.filename, row: dispute.row })}
            </Link>
          </dd>
        </div>
      </dl>
    </section>
  )
}

function Row({ dispute }: { dispute: DisputeView }) {
  const { t, label, issue } = useText()
  const shown = useShownValue()
  const fields = FIELD_ORDER.filter((field) => dispute.values[field])
  return (
    <section className="card" aria-labelledby="row-title">
      <h2 id="row-title">{t('disputes.rowTitle')}</h2>
      <ul className="problems claim-problems">
        {dispute.issues.map((i) => (
          <li key={`${i.code} ${i.field}`} className={`problem-${i.severity}`}>
            {issue(i.code, i.params, i.field)}
          </li>
        ))}
      </ul>
      <dl className="facts">
        {fields.map((field) => (
          <div key={field}>
            <dt>{label('field', field)}</dt>
            <dd>{shown(field, dispute.values[field] ?? '')}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
