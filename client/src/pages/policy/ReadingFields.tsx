import { Radio } from 'antd'
import type { Reading } from '../../../../server/domain/policy.ts'
import { useText } from '../../i18n/index.ts'

/** What the document leaves open, and how it is read. */
export function ReadingFields({
  readings,
  set,
}: {
  readings: readonly Reading[]
  set: (readings: Reading[]) => void
}) {
  const { t, pick } = useText()
  if (readings.length === 0) return null
  const choose = (id: string, chosen: string) =>
    set(readings.map((reading) => (reading.id === id ? { ...reading, chosen } : reading)))
  return (
    <section className="card policy-section">
      <h2>{t('policy.readings')}</h2>
      <p className="policy-hint">{t('policy.readingsHint')}</p>
      {readings.map((reading) => (
        <fieldset key={reading.id} className="policy-question">
          <legend>{pick(reading.question)}</legend>
          <Radio.Group
            value={reading.chosen}
            onChange={(event) => choose(reading.id, String(event.target.value))}
            className="policy-options"
          >
            {reading.options.map((option) => (
              <Radio key={option.id} value={option.id} data-testid={`policy-${reading.id}-${option.id}`}>
                {pick(option)}
              </Radio>
            ))}
          </Radio.Group>
        </fieldset>
      ))}
    </section>
  )
}
