import { useMemo } from 'react'
import type { ScenarioWords } from '../../../../server/wording/scenario-text.ts'
import { useCountyName, useOperatorName } from '../../components/choices.tsx'
import { count } from '../../format.ts'
import { useText } from '../../i18n/index.ts'

/**
 * What sentences about scenarios need.
 * @param operators names that came with a scenario, for operators that the account's own list does not hold
 */
export function useScenarioWords(operators: readonly { id: string; name: string }[] = []): ScenarioWords {
  const { t, label } = useText()
  const county = useCountyName()
  const nameOf = useOperatorName()
  return useMemo(() => {
    const named = new Map(operators.map((o) => [o.id, o.name]))
    return { t, label, number: count, county, operator: (id) => named.get(id) ?? nameOf(id) }
  }, [t, label, county, nameOf, operators])
}
