import type { Field } from '../../domain/issue.ts'
import { type Region, theCity } from '../../domain/regions.ts'
import { vinCheckCharacter } from '../../domain/vin.ts'
import { CATEGORIES, type Category, EMISSIONS, ENERGIES, KINDS, REASONS } from '../../domain/vocabulary.ts'
import { type Wording, zhCN } from '../../wording/index.ts'

/** Whether a column has to be filled in: in every row, depending on the kind of change, or not at all. */
export type Need = 'always' | 'sometimes' | 'optional'

/** A column of a form. */
export interface FormColumn {
  field: Field
  need: Need
  /** as the header says it: our reader knows it in either language */
  header: string
  width: number
  /** what can be chosen; null for free text */
  values: { value: string; meaning: string }[] | null
}

/** What a form is for. */
export interface FormKind {
  /** null: any */
  category: Category | null
  /** a list of the present fleet, not of changes */
  fleet: boolean
}

const ENTRY: readonly Field[] = [
  'plate',
  'vin',
  'category',
  'energy',
  'emission',
  'registeredOn',
  'operator',
  'county',
]
const CHANGE: readonly Field[] = [
  'kind',
  'on',
  'replaces',
  'reason',
  'certificate',
  'packs',
  'toOperator',
  'toCounty',
]
const ALWAYS: ReadonlySet<Field> = new Set<Field>([
  'plate',
  'vin',
  'category',
  'energy',
  'operator',
  'county',
  'kind',
])
const SOMETIMES: ReadonlySet<Field> = new Set<Field>([
  'on',
  'replaces',
  'reason',
  'packs',
  'toOperator',
  'toCounty',
])
const WIDTHS: Partial<Record<Field, number>> = {
  ...{ plate: 13, vin: 21, category: 14, energy: 26, operator: 28, replaces: 18, certificate: 20 },
  ...{ toOperator: 24, toCounty: 18, note: 24 },
}

/** The columns that matter: batteries are counted of buses alone, vessels have no emission standard. */
export function formColumns(kind: FormKind, regions: readonly Region[], wording: Wording): FormColumn[] {
  const fields = [...ENTRY, ...(kind.fleet ? [] : CHANGE), 'note' as const].filter((field) => {
    if (field === 'packs') return kind.category === null || kind.category === 'bus'
    return field !== 'emission' || kind.category !== 'vessel'
  })
  return fields.map((field) => {
    const need = ALWAYS.has(field) ? 'always' : SOMETIMES.has(field) ? 'sometimes' : 'optional'
    return {
      field,
      need,
      header: headerOf(field, need, kind, wording),
      width: WIDTHS[field] ?? 15,
      values: valuesOf(field, kind, regions, wording),
    }
  })
}

/** Headers are Chinese, which the reader knows, with the English behind them for who reads that. */
function headerOf(field: Field, need: Need, { category }: FormKind, wording: Wording): string {
  const english = wording.language === 'en'
  const required = need === 'always' ? wording.t('workbook.required') : ''
  const group = category === 'vessel' && Object.hasOwn(zhCN.vesselField, field) ? 'vesselField' : 'field'
  const chinese = { ...zhCN.field, ...(group === 'vesselField' ? zhCN.vesselField : {}) }[field]
  if (!english) return chinese + required
  return `${chinese} (${wording.label(group, field)}${required && ','}${required.replace(/[()]/g, '')})`
}

function valuesOf(field: Field, kind: FormKind, regions: readonly Region[], wording: Wording) {
  const coded = (group: 'category' | 'energy' | 'emission' | 'kind' | 'reason', codes: readonly string[]) =>
    codes.map((code) => ({ value: codeText(group, code, wording), meaning: wording.label(group, code) }))
  switch (field) {
    case 'category':
      return coded('category', kind.category === null ? CATEGORIES : [kind.category])
    case 'energy':
      return coded('energy', ENERGIES)
    case 'emission':
      return coded('emission', EMISSIONS)
    case 'kind': {
      const swaps = kind.category === null || kind.category === 'bus'
      return coded(
        'kind',
        KINDS.filter((k) => swaps || k !== 'battery-swap'),
      )
    }
    case 'reason':
      return coded('reason', REASONS)
    case 'county':
    case 'toCounty':
      return regions.map((r) => ({ value: regionText(r, wording), meaning: nameOf(r, wording) }))
    default:
      return null
  }
}

/** A coded value as a form holds it: the Chinese word or, for who reads English, the code; the reader knows both. */
export function codeText(
  group: 'category' | 'energy' | 'emission' | 'kind' | 'reason',
  code: string,
  wording: Wording,
): string {
  return wording.language === 'en' ? code : wording.label(group, code)
}

/** A region as a form holds it. */
export const regionText = (region: Region, wording: Wording): string =>
  wording.language === 'en' ? region.code : region.name

const nameOf = (region: Region, { language }: Wording): string =>
  language === 'en' ? region.english : region.name

/** Two made-up rows that show how a form is filled in, by field. */
export function exampleRows(
  { category }: FormKind,
  regions: readonly Region[],
  wording: Wording,
): Partial<Record<Field, string>>[] {
  const of = category ?? 'bus'
  const small = of === 'cruising-taxi' || of === 'ride-hailing'
  const code = (group: 'category' | 'energy' | 'emission' | 'kind' | 'reason', value: string) =>
    codeText(group, value, wording)
  const place = { operator: '示例运输有限公司', county: regions[0] ? regionText(regions[0], wording) : '' }
  const { plates } = theCity()
  const named = (n: 1 | 2 | 3, plate: string) =>
    of === 'vessel'
      ? { plate: `示范货${n}号`, vin: `CN2025000000${n}` }
      : { plate: plates + plate, vin: exampleVin(String(n)) }
  const bought: Partial<Record<Field, string>> = {
    ...named(1, small ? 'D12345' : '12345D'),
    category: code('category', of),
    ...{ energy: code('energy', 'BEV'), registeredOn: '2025-03-15', ...place },
    ...{ kind: code('kind', 'replaced'), on: '2025-03-15', replaces: named(2, '12346').plate },
  }
  if (of === 'bus') {
    const swapped = { vin: exampleVin('2'), kind: code('kind', 'battery-swap'), on: '2025-06-01', packs: '2' }
    return [
      bought,
      { ...bought, plate: `${plates}12347D`, registeredOn: '2019-06-20', ...swapped, replaces: '' },
    ]
  }
  const retired: Partial<Record<Field, string>> = {
    ...named(3, '12348'),
    ...{ category: code('category', of), ...place },
    ...{ energy: code('energy', 'diesel'), emission: code('emission', '3'), registeredOn: '2012-06-20' },
    ...{ kind: code('kind', 'retired'), on: '2025-06-01', reason: code('reason', 'scrapped') },
    certificate: 'BF2025-0001',
  }
  return [bought, retired]
}

function exampleVin(last: string): string {
  const [front, tail] = ['LSAMPLE0', `P000000${last}`] as const
  return `${front}${vinCheckCharacter(`${front}0${tail}`)}${tail}`
}
