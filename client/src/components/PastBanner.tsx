import { HistoryOutlined } from '@ant-design/icons'
import { dayOf, instant } from '../format.ts'
import { useText } from '../i18n/index.ts'
import { endOfDay, usePast } from './usePast.ts'
import './past.css'

/** Says that a page shows the past, and which; stays in sight while one scrolls. Nothing in the present. */
export function PastBanner() {
  const { t } = useText()
  const { asOf, knownAt, active, set } = usePast()
  if (!active) return null
  const params = { asOf, knownAt: instant(knownAt) }
  const said = asOf && knownAt ? 'past.both' : asOf ? 'past.byDay' : 'past.byKnown'
  const ahead = asOf > dayOf(new Date())
  return (
    <div className="past-banner" role="status" data-testid="past-banner">
      <HistoryOutlined aria-hidden />
      <p>
        <b>{t(ahead ? 'past.aheadTitle' : 'past.title')}</b> {t(said, params)}
      </p>
      <div className="past-actions">
        {asOf && !knownAt && !ahead && (
          <button
            type="button"
            onClick={() => set({ asOf, knownAt: endOfDay(asOf) })}
            data-testid="past-as-known"
          >
            {t('past.asKnownThen')}
          </button>
        )}
        {asOf && knownAt && (
          <button type="button" onClick={() => set({ asOf })} data-testid="past-known-now">
            {t('past.asKnownNow')}
          </button>
        )}
        <button type="button" className="past-main" onClick={() => set({})} data-testid="past-leave">
          {t('past.leave')}
        </button>
      </div>
    </div>
  )
}
