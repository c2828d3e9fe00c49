import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { createContext, useContext, useMemo, useState } from 'react'
import type { z } from 'zod'
import type { changeWithEffects } from '../../../../server/changes/schema.ts'
import { api, ProblemError } from '../../api/client.ts'
import { useSettled } from '../../components/useSettled.ts'
import type { Draft, FieldName } from './draft.ts'
import { fieldsOf } from './draft.ts'
import { type ChangeBody, type Fault, placeOf, readDraft } from './read-draft.ts'
import type { DraftStore } from './useDraft.ts'

/** A change, recorded or tried, with what it does to the figures. */
export type WithEffects = z.infer<typeof changeWithEffects>

const PAUSE_MS = 300

/** What the two pages with the form differ in. */
export interface EntryTarget {
  /** where it is recorded; `?dryRun=true` tries it */
  path: string
  /** what is sent for a change */
  request: (change: ChangeBody, why: string) => unknown
  /** a recorded entry is put right, which wants a reason */
  correcting: boolean
}

/** The form with everything that its parts need. */
export interface EntryForm extends DraftStore {
  target: EntryTarget
  /** today as the service counts days */
  today: string
  body: ChangeBody
  /** every fault, whether or not it shows yet */
  faults: readonly Fault[]
  /** the faults of a field that show by now */
  shown: (field: FieldName | null) => Fault[]
  /** the field has been left */
  touch: (field: FieldName) => void
  /** saving has been tried, or not any more: everything that is missing shows */
  setAttempted: (attempted: boolean) => void
  /** nothing has been left or tried to save yet */
  unmark: () => void
  trial: Trial
  /** the service's answer to the last attempt to save, until something is changed */
  refusal: ProblemError | null
  setRefusal: (error: unknown) => void
  /** the rules whose target this would break */
  breaks: readonly WithEffects['effects'][number][]
  /** a reason is called for: a target would be broken, or the entry that is put right has one and still needs it */
  asksReason: boolean
  unsent: Unsent
  setUnsent: (unsent: Unsent) => void
}

/** How many documents were added that the service does not have: on their way, and refused or cut off. */
export interface Unsent {
  sending: number
  failed: number
}

/** What the service says that recording would do. */
export interface Trial {
  answer: WithEffects | undefined
  error: ProblemError | null
  /** the answer to what is entered now is not there yet */
  waiting: boolean
}

/** Tries what is entered, once typing pauses. */
function useTrial(target: EntryTarget, body: ChangeBody, worth: boolean): Trial {
  // The words that go along move no figure.
  const { note: _note, breachReason: _reason, attachments: _files, ...rest } = body
  const text = JSON.stringify(rest)
  const settled = useSettled(text, PAUSE_MS)
  const query = useQuery({
    queryKey: ['ledger', 'trial', target.path, settled],
    queryFn: ({ signal }) =>
      api.post<WithEffects>(`${target.path}?dryRun=true`, target.request(JSON.parse(settled), '—'), signal),
    enabled: worth,
    placeholderData: keepPreviousData,
    gcTime: 30_000,
    staleTime: 5_000,
  })
  const failed = query.error
  return {
    answer: worth && !failed ? query.data : undefined,
    error:
      worth && failed ? (failed instanceof ProblemError ? failed : new ProblemError(0, 'internal')) : null,
    waiting: worth && (settled !== text || query.isFetching),
  }
}

/** Faults that the service found, at the form's fields. */
const faultsOf = (error: ProblemError | null, draft: Draft): Fault[] =>
  error === null || !['change.invalid', 'request.invalid'].includes(error.code)
    ? []
    : error.errors.map(({ path, code, params }) => ({
        field: placeOf(path, params ?? {}, draft),
        severity: 'error',
        code,
        params: params ?? {},
        serverField: path.replace(/^body\.?/, '').replace(/^(change|vehicle)\./, '') || null,
      }))

/** Everything that the form's parts share: what is entered, what is wrong with it, and what it would do. */
export function useEntryForm(store: DraftStore, target: EntryTarget, today: string): EntryForm {
  const { draft, dirty } = store
  const [touched, setTouched] = useState<ReadonlySet<FieldName>>(new Set())
  const [attempted, setAttempted] = useState(false)
  const [refused, setRefused] = useState<{ error: ProblemError; draft: object } | null>(null)
  const [unsent, setUnsent] = useState<Unsent>({ sending: 0, failed: 0 })
  const { body, faults: local } = useMemo(() => readDraft(draft, today), [draft, today])
  const named = draft.subject !== '' || draft.replaces.length > 0
  const trial = useTrial(target, body, dirty || named || target.correcting)
  const refusal = refused?.draft === draft ? refused.error : null
  const faults = useMemo(() => {
    const found = new Set(local.map((f) => `${f.field} ${f.code}`))
    const faulty = new Set(local.filter((f) => f.severity === 'error').map((f) => f.field))
    const remote = [...faultsOf(trial.error, draft), ...faultsOf(refusal, draft)].filter(
      (f) => !found.has(`${f.field} ${f.code}`) && !(f.code === 'required.missing' && faulty.has(f.field)),
    )
    const warnings: Fault[] = (trial.answer?.warnings ?? []).map(({ code, field, params }) => ({
      ...{ severity: 'warning' as const, code, params, serverField: field },
      field: placeOf(field, params, draft),
    }))
    const all = [...local, ...remote, ...warnings.filter((f) => !found.has(`${f.field} ${f.code}`))]
    const keys = all.map((f) => `${f.field} ${f.code} ${JSON.stringify(f.params)}`)
    return all.filter((_, i) => keys.indexOf(keys[i] ?? '') === i)
  }, [local, trial.error, trial.answer, refusal, draft])
  const breaks = useMemo(() => trial.answer?.effects.filter((e) => e.breaks) ?? [], [trial.answer])
  const needsStill = target.correcting && draft.breachReason !== '' && !trial.answer?.effects.some(regains)
  const asksReason = breaks.length > 0 || refusal?.code === 'change.breaks-target' || needsStill
  return {
    ...store,
    asksReason,
    ...{ target, today, body, faults, trial, refusal, breaks, unsent, setUnsent, setAttempted },
    shown: (field) =>
      faults.filter((f) => {
        if (f.field !== field) return false
        if (f.code === 'required.missing') return attempted
        // While a plate is being typed it is no plate yet.
        return (
          field === null || attempted || touched.has(field) || !local.includes(f) || full(field, draft.vin)
        )
      }),
    touch: (field) => setTouched((before) => (before.has(field) ? before : new Set([...before, field]))),
    unmark: () => {
      setTouched(new Set())
      setAttempted(false)
      setRefused(null)
    },
    setRefusal: (error) => setRefused(error instanceof ProblemError ? { error, draft } : null),
  }
}

/** Whether a figure moves up again: what broke its target is no more. */
const regains = ({ before, after }: WithEffects['effects'][number]): boolean =>
  before.status !== after.status &&
  after.numerator * (before.denominator ?? 1) > before.numerator * (after.denominator ?? 1)

const full = (field: FieldName, vin: string): boolean => field === 'vin' && vin.trim().length >= 17

/** The form, for its parts. */
export const EntryContext = createContext<EntryForm | null>(null)

/** The form around; only within `EntryContext`. */
export function useEntry(): EntryForm {
  const form = useContext(EntryContext)
  if (!form) throw new Error('useEntry outside a form')
  return form
}

/** The id of a field's control. */
export const fieldId = (name: FieldName): string => `entry-${name}`

/** Puts the cursor into a field. */
export function focusField(name: FieldName): void {
  const control = document.getElementById(fieldId(name))
  control?.focus()
  control?.scrollIntoView({ block: 'nearest' })
}

/** The first field, in the order of the form, that stands in the way of saving. */
export function firstFaulty({ faults, draft }: EntryForm): FieldName | undefined {
  const faulty = new Set(faults.filter((f) => f.severity === 'error').map((f) => f.field))
  return fieldsOf(draft.kind).find((name) => faulty.has(name))
}
