import type { PolicyChange } from '../../../../server/domain/policy-changes.ts'
import { useText } from '../../i18n/index.ts'
import { changeText } from './words.ts'

/** What differs, each from what to what. */
export function Differences({ changed }: { changed: readonly PolicyChange[] }) {
  const text = useText()
  if (changed.length === 0) return null
  return (
    <ul className="policy-differences" data-testid="policy-differences">
      {changed.map((change) => {
        const { what, before, after } = changeText(change, text)
        return (
          <li key={`${change.part} ${change.id}`}>
            <span>{what}</span>
            <span>
              <del>{before}</del> <span aria-hidden>→</span> <b>{after}</b>
            </span>
          </li>
        )
      })}
    </ul>
  )
}
