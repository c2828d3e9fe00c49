import { useCallback, useEffect, useMemo, useState } from 'react'
import { type Draft, sameDraft } from './draft.ts'

/** What the register proposed, or the entry before; the officer's own words are never written over. */
type Proposed = Partial<Pick<Draft, 'category' | 'operator' | 'county'>>

interface Kept {
  draft: Draft
  /** the form before anything was entered */
  base: Draft
  proposed: Proposed
}

const PREFIX = 'entry:'

/** Where what one person has entered on one page is kept for a reload. */
export const draftKey = (account: string, page: string): string => `${PREFIX}${account}:${page}`

/** Forgets what other people entered in this browser tab before. */
export function forgetOthers(account: string): void {
  for (const key of Object.keys(sessionStorage))
    if (key.startsWith(PREFIX) && !key.startsWith(`${PREFIX}${account}:`)) sessionStorage.removeItem(key)
}

/** Reads what was kept; what an older release kept in another form is left alone. */
export function readKept<T>(key: string, fits: (value: object) => boolean): T | undefined {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(key) ?? 'null')
    return typeof value === 'object' && value !== null && fits(value) ? (value as T) : undefined
  } catch {
    return undefined
  }
}

const isDraft = (value: unknown, base: Draft): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(base).every(
    ([name, is]) =>
      Array.isArray((value as Record<string, unknown>)[name]) === Array.isArray(is) &&
      typeof (value as Record<string, unknown>)[name] === typeof is,
  )

/** What is being entered, kept in the tab so that a reload loses nothing. */
export interface DraftStore {
  draft: Draft
  /** something has been entered that is not saved */
  dirty: boolean
  /** what shows was entered before a reload */
  restored: boolean
  set: (patch: Partial<Draft>) => void
  /** fills in what the officer has not said otherwise */
  propose: (values: Proposed) => void
  /** how often the form was begun anew: what its fields hold beside the draft ends with each */
  round: number
  /** begins anew with another form */
  reset: (base: Draft, proposed?: Proposed) => void
}

/**
 * @param key where it is kept, see `draftKey`
 * @param initial the form when nothing was kept
 */
export function useDraft(key: string, initial: Draft): DraftStore {
  const [{ kept, restored, round }, setState] = useState(() => {
    const kept = readKept<Kept>(
      key,
      (v) =>
        'draft' in v &&
        'base' in v &&
        'proposed' in v &&
        isDraft(v.draft, initial) &&
        isDraft(v.base, initial),
    )
    return kept && !sameEntered(kept.draft, kept.base)
      ? { kept, restored: true, round: 0 }
      : { kept: { draft: initial, base: initial, proposed: {} as Proposed }, restored: false, round: 0 }
  })
  const dirty = !sameEntered(kept.draft, kept.base)
  useEffect(() => {
    if (dirty) sessionStorage.setItem(key, JSON.stringify(kept))
    else sessionStorage.removeItem(key)
  }, [key, kept, dirty])
  const change = useCallback(
    (make: (before: Kept) => Kept) => setState((before) => ({ ...before, kept: make(before.kept) })),
    [],
  )
  const set = useCallback(
    (patch: Partial<Draft>) => change((k) => ({ ...k, draft: { ...k.draft, ...patch } })),
    [change],
  )
  const propose = useCallback(
    (values: Proposed) =>
      change((k) => {
        const free = Object.entries(values).filter(([name]) => {
          const has = k.draft[name as keyof Proposed]
          return has === '' || has === k.proposed[name as keyof Proposed]
        })
        if (free.every(([name, value]) => k.draft[name as keyof Proposed] === value)) return k
        const news = Object.fromEntries(free)
        // A proposal alone is nothing that could be lost.
        return {
          draft: { ...k.draft, ...news },
          base: { ...k.base, ...news },
          proposed: { ...k.proposed, ...news },
        }
      }),
    [change],
  )
  const reset = useCallback((base: Draft, proposed: Proposed = {}) => {
    setState(({ round }) => ({ kept: { draft: base, base, proposed }, restored: false, round: round + 1 }))
  }, [])
  return useMemo(
    () => ({ draft: kept.draft, dirty, restored, round, set, propose, reset }),
    [kept, dirty, restored, round, set, propose, reset],
  )
}

/** Choosing another kind alone is nothing to lose. */
const sameEntered = (a: Draft, b: Draft): boolean => sameDraft({ ...a, kind: b.kind }, b)
