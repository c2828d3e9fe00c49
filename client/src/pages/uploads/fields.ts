import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { FIELDS } from '../../../../server/domain/issue.ts'
import { CATEGORIES, EMISSIONS, ENERGIES, KINDS, REASONS } from '../../../../server/domain/vocabulary.ts'
import type { ColumnField } from '../../../../server/imports/schema.ts'
import { zhCN } from '../../../../server/wording/index.ts'
import { queries } from '../../api/queries.ts'
import { type Text, useText } from '../../i18n/index.ts'

/** A value that a coded column can hold. */
export interface FieldOption {
  /** the standard code */
  code: string
  /** the word that goes into the sender's list, Chinese as its other cells */
  word: string
  /** what the reader sees */
  label: string
}

/** Fields whose values come from a closed set of our own. */
const SETS = {
  category: CATEGORIES,
  energy: ENERGIES,
  emission: EMISSIONS,
  kind: KINDS,
  reason: REASONS,
} as const
type SetField = keyof typeof SETS
const isSet = (field: string): field is SetField => Object.hasOwn(SETS, field)

const optionsOf = (field: SetField, label: Text['label']): FieldOption[] =>
  SETS[field].map((code) => ({
    code,
    word: (zhCN[field] as Record<string, string>)[code] ?? code,
    label: label(field, code),
  }))

export const isDate = (field: string): boolean => field === 'on' || field === 'registeredOn'
/** Fields whose values are names of operators: known ones are proposed, others are possible. */
export const isOperator = (field: string): boolean => field === 'operator' || field === 'toOperator'

/**
 * The values that a field can hold, or null for one that takes any text. Colours of plates are the registration
 * authority's (GA 36).
 */
export function useFieldOptions(): (field: string) => FieldOption[] | null {
  const { label, language } = useText()
  const regions = useQuery(queries.regions()).data
  const operators = useQuery(queries.operators()).data
  return useMemo(() => {
    const counties = regions?.items.map((r) => ({
      code: r.code,
      word: r.name,
      label: language === 'en' ? r.english : r.name,
    }))
    const names = operators?.items.map((o) => ({ code: o.id, word: o.name, label: o.name }))
    return (field) => {
      if (isSet(field)) return optionsOf(field, label)
      if (field === 'county' || field === 'toCounty') return counties ?? []
      return isOperator(field) ? (names ?? []) : null
    }
  }, [label, language, regions, operators])
}

/** The option that a text stands for, if it is one of the set's own words. */
export const optionFor = (options: readonly FieldOption[], text: string): FieldOption | undefined =>
  options.find((o) => o.word === text || o.code === text || o.label === text)

/**
 * A value in the reader's words: a code becomes its word, a text of the list stays as it is.
 * @param coded the text is one of our codes for certain, not what a list says
 */
export type ShownValue = (field: string, text: string, coded?: boolean) => string

export function useShownValue(): ShownValue {
  const options = useFieldOptions()
  return useMemo(
    () =>
      (field, text, coded = false) => {
        // A bare digit is how lists write emission standards too.
        if (text === '' || (field === 'emission' && !coded)) return text
        return options(field)?.find((o) => o.code === text)?.label ?? text
      },
    [options],
  )
}

/** Columns in the order in which people read them, for those that the list itself does not have. */
export const FIELD_ORDER: readonly ColumnField[] = [...FIELDS, 'plateColour']
