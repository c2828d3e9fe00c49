import type { ChangeView } from '../../../../server/changes/schema.ts'
import { useText } from '../../i18n/index.ts'

/** What a battery swap says of the packs: chemistry and capacity, and which came out and went in. */
export function Batteries({ batteries }: { batteries: NonNullable<ChangeView['batteries']> }) {
  const { t } = useText()
  const { chemistry, capacityKwh, removed, installed } = batteries
  const about = [
    ...(chemistry ? [t(`entry.chemistry.${chemistry}`)] : []),
    ...(capacityKwh ? [`${capacityKwh} kWh`] : []),
  ]
  return (
    <div className="entry-batteries">
      {about.length > 0 && <span>{about.join(' · ')}</span>}
      <Codes name={t('entry.batteriesRemoved')} codes={removed ?? []} />
      <Codes name={t('entry.batteriesInstalled')} codes={installed ?? []} />
    </div>
  )
}

function Codes({ name, codes }: { name: string; codes: readonly string[] }) {
  if (codes.length === 0) return null
  return (
    <div>
      <span className="hint">{name}</span>
      <ul>
        {codes.map((code) => (
          <li key={code} className="mono">
            {code}
          </li>
        ))}
      </ul>
    </div>
  )
}
