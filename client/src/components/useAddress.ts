import { useCallback, useMemo } from 'react'
import { useSearchParams } from 'react-router-dom'

/**
 * Filters that live in the address, so that a view can be sent on, bookmarked and gone back to.
 * @returns the values of the named parameters ('' when absent), whether any is set, and functions that set some and
 * clear all of them
 */
export function useAddress<K extends string>(names: readonly K[]) {
  const [search, setSearch] = useSearchParams()
  const key = names.map((name) => search.get(name) ?? '').join('\u0000')
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` holds all that the values depend on
  const values = useMemo(
    () => Object.fromEntries(names.map((name) => [name, search.get(name) ?? ''])) as Record<K, string>,
    [key],
  )
  const set = useCallback(
    (changes: Partial<Record<K, string | undefined>>, options: { replace?: boolean } = {}) => {
      setSearch(() => {
        // The address itself, not what was last drawn: what was set a moment ago may not have been drawn yet.
        const after = new URLSearchParams(window.location.search)
        for (const [name, value] of Object.entries(changes) as [string, string | undefined][]) {
          if (value) after.set(name, value)
          else after.delete(name)
        }
        return after
      }, options)
    },
    [setSearch],
  )
  const clear = () => set(Object.fromEntries(names.map((name) => [name, ''])) as Record<K, string>)
  return { values, set, clear, active: names.some((name) => values[name] !== '') }
}
