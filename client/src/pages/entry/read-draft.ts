import type { z } from 'zod'
import { readEntered } from '../../../../server/changes/read-entered.ts'
import { createChange } from '../../../../server/changes/schema.ts'
import { readDate } from '../../../../server/domain/read-date.ts'
import { isVin, normaliseVin } from '../../../../server/domain/vin.ts'
import { hasExhaust, isEntry, type Kind } from '../../../../server/domain/vocabulary.ts'
import type { Draft, FieldName } from './draft.ts'

/** What is wrong with a field (null: with the whole), or to be looked at. */
export interface Fault {
  field: FieldName | null
  severity: 'error' | 'warning'
  code: string
  params: Readonly<Record<string, string>>
  /** the name that the service has for the field, for its words */
  serverField: string | null
}

export type ChangeBody = z.input<typeof createChange>

const SHORT = /^(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$/
const pad = (n: string | undefined): string => (n ?? '').padStart(2, '0')

/**
 * A day as typed, in any form that lists write too (`server/domain/read-date.ts`); without a year it is the last such
 * day up to today. Gives the text back when it is no day.
 */
export function readDay(text: string, today: string): { date?: string; code?: string } {
  const typed = text.normalize('NFKC').trim()
  const short = SHORT.exec(typed)
  if (short) {
    const day = `${pad(short[1])}-${pad(short[2])}`
    const year = Number(today.slice(0, 4))
    return readDate(`${day > today.slice(5) ? year - 1 : year}-${day}`)
  }
  return readDate(typed)
}

const BETWEEN = /[\s,;，；、]+/
/** The codes of a text that was pasted or scanned line by line. */
export const codesOf = (text: string): string[] =>
  text.normalize('NFKC').toUpperCase().split(BETWEEN).filter(Boolean)

/** A number as typed, undefined when it is none. */
const numberOf = (text: string): number | undefined => {
  const plain = text.normalize('NFKC').replace(/[\s,]/g, '')
  return /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : undefined
}

/**
 * Reads the form: the request that it comes to, without what could not be read, and what is wrong with its fields,
 * found by the very code with which the service checks them.
 */
export function readDraft(draft: Draft, today: string): { body: ChangeBody; faults: Fault[] } {
  const faults: Fault[] = []
  const body = buildBody(draft, today, faults)
  const parsed = createChange.safeParse(withoutCounty(body))
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues) faults.push(zodFault(path, message, draft.kind))
    return { body, faults }
  }
  for (const { field, severity, code, params } of readEntered(parsed.data).issues)
    faults.push({ field: placeOf(field, params, draft), severity, code, params, serverField: field })
  return { body, faults }
}

/** Counties are chosen from the list that the service gives, which alone knows the city's. */
function withoutCounty({ to, ...body }: ChangeBody): ChangeBody {
  const { county: _, ...vehicle } = body.vehicle
  const { county: __, ...rest } = to ?? {}
  return { ...body, vehicle, ...(to ? { to: rest } : {}) }
}

function buildBody(draft: Draft, today: string, faults: Fault[]): ChangeBody {
  const { kind } = draft
  const fault = (field: FieldName, code: string, value: string, serverField: string) =>
    faults.push({ field, severity: 'error', code, params: { value }, serverField })
  const day = (field: 'on' | 'stockOn' | 'registeredOn', serverField: string): string | undefined => {
    if (draft[field].trim() === '') return undefined
    const read = readDay(draft[field], today)
    if (read.date === undefined) fault(field, read.code ?? 'date.invalid', draft[field], serverField)
    return read.date
  }
  const on = kind === 'stock' ? day('stockOn', 'on') : day('on', 'on')
  const common = {
    kind,
    ...given({ on, note: draft.note, breachReason: draft.breachReason }),
    ...(draft.attachments.length > 0 ? { attachments: draft.attachments.map(({ id }) => id) } : {}),
  }
  if (isEntry(kind)) {
    const vehicle = given({
      ...{ vin: draft.vin, plate: draft.plate, category: draft.category, energy: draft.energy },
      emission: draft.energy === '' || hasExhaust(draft.energy) ? draft.emission : '',
      registeredOn: day('registeredOn', 'registeredOn'),
      ...{ operator: draft.operator, county: draft.county },
    })
    const replaces = kind === 'replaced' && draft.replaces.length > 0 ? { replaces: draft.replaces } : {}
    return { ...common, vehicle, ...replaces } as ChangeBody
  }
  const subject = draft.subject.trim()
  const named = isVin(normaliseVin(subject)) ? { vin: subject } : given({ plate: subject })
  if (kind === 'retired') {
    const vehicle = { ...named, ...given({ emission: draft.emission }) }
    return {
      ...common,
      vehicle,
      ...given({ reason: draft.reason, certificate: draft.certificate }),
    } as ChangeBody
  }
  if (kind === 'transferred') {
    const to = given({ operator: draft.toOperator, county: draft.toCounty })
    return { ...common, vehicle: named, ...(Object.keys(to).length > 0 ? { to } : {}) } as ChangeBody
  }
  return { ...common, vehicle: named, ...swapOf(draft, fault) } as ChangeBody
}

/** What is entered of a battery swap. */
function swapOf(
  draft: Draft,
  fault: (field: FieldName, code: string, value: string, serverField: string) => void,
): Record<string, unknown> {
  const packs = numberOf(draft.packs)
  const whole = packs !== undefined && Number.isInteger(packs) && packs >= 1 && packs <= 1000
  if (draft.packs.trim() !== '' && !whole) fault('packs', 'packs.invalid', draft.packs, 'packs')
  const capacityKwh = numberOf(draft.capacityKwh)
  const sensible = capacityKwh !== undefined && capacityKwh > 0 && capacityKwh <= 2000
  if (draft.capacityKwh.trim() !== '' && !sensible)
    fault('capacityKwh', 'capacity.invalid', draft.capacityKwh, 'capacityKwh')
  const installed = codesOf(draft.installed)
  const removed = codesOf(draft.removed)
  const batteries = {
    ...(installed.length > 0 ? { installed } : {}),
    ...(removed.length > 0 ? { removed } : {}),
    ...given({ chemistry: draft.chemistry }),
    ...(sensible ? { capacityKwh } : {}),
  }
  return { ...(whole ? { packs } : {}), ...(Object.keys(batteries).length > 0 ? { batteries } : {}) }
}

/** Without what is empty, and without blanks around the rest. */
function given(fields: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => {
      const text = value?.trim() ?? ''
      return text === '' ? [] : [[name, text]]
    }),
  )
}

/** The form's field for one that the service names; null for the whole. */
export function fieldFor(serverField: string | null, kind: Kind): FieldName | null {
  const name = (serverField ?? '')
    .replace(/^body\.?/, '')
    .replace(/^(?:change\.)?(?:vehicle\.|batteries\.)?/, '')
  const [head = ''] = name.split('.')
  if (head === 'on') return kind === 'stock' ? 'stockOn' : 'on'
  if (head === 'to') return name === 'to.county' ? 'toCounty' : 'toOperator'
  if (!isEntry(kind)) {
    if (['plate', 'vin', 'category', 'energy', 'registeredOn', 'vehicle'].includes(head)) return 'subject'
    if (head === 'operator') return kind === 'transferred' ? 'toOperator' : 'subject'
    if (head === 'county') return kind === 'transferred' ? 'toCounty' : 'subject'
    if (head === 'emission' && kind !== 'retired') return 'subject'
  }
  return (KNOWN as readonly string[]).includes(head) ? (head as FieldName) : null
}

/**
 * The form's field for a finding of the service, which knows the packs of a swap as one: it is shown with the code
 * that it is about.
 */
export function placeOf(
  serverField: string | null,
  params: Readonly<Record<string, string>>,
  draft: Draft,
): FieldName | null {
  if (serverField !== 'batteries') return fieldFor(serverField, draft.kind)
  const named = params.value ?? ''
  return codesOf(draft.removed).includes(named) && !codesOf(draft.installed).includes(named)
    ? 'removed'
    : 'installed'
}

const KNOWN: readonly FieldName[] = [
  ...(['plate', 'vin', 'category', 'energy', 'emission', 'registeredOn', 'operator', 'county'] as const),
  ...(['replaces', 'reason', 'certificate', 'packs', 'installed', 'removed', 'chemistry'] as const),
  ...(['capacityKwh', 'toOperator', 'toCounty', 'note', 'breachReason', 'attachments'] as const),
]

function zodFault(path: readonly PropertyKey[], message: string, kind: Kind): Fault {
  const serverField = path.filter((part) => typeof part === 'string').join('.')
  const code = /^[a-z-]+\.[a-z.-]+$/.test(message) ? message : 'request.invalid-format'
  return { field: fieldFor(serverField, kind), severity: 'error', code, params: {}, serverField }
}
