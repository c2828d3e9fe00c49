import type { AlertView } from '../../../../server/alerts/schema.ts'
import { AssessmentTag } from '../../components/Tag.tsx'
import { useText } from '../../i18n/index.ts'
import './alerts.css'

/** From which status to which. */
export function Course({ alert }: { alert: AlertView }) {
  const { t } = useText()
  return (
    <span className="alert-course">
      {alert.kind === 'status' && (
        <>
          <AssessmentTag status={alert.before.status} />
          <span aria-hidden>→</span>
        </>
      )}
      <AssessmentTag status={alert.after.status} />
      {alert.kind === 'breach' && <span className="hint">{t('alerts.breach')}</span>}
    </span>
  )
}
