import type { ChangeView } from '../../../../server/changes/schema.ts'
import type { Category, Emission, Energy, Kind, Reason } from '../../../../server/domain/vocabulary.ts'

/** A document that goes with a change, as the service keeps it. */
export interface Attachment {
  id: string
  filename: string
  type: string
  size: number
}

/** What an officer has entered so far, as typed: of all kinds of change, so that choosing another loses nothing. */
export interface Draft {
  kind: Kind
  /** when it happened; of a vehicle in stock see `stockOn` */
  on: string
  /** a vehicle in stock needs no date of its own */
  stockOn: string
  /** the vehicle that is retired, gets batteries or is transferred: its VIN, or what was typed */
  subject: string
  plate: string
  vin: string
  category: Category | ''
  energy: Energy | ''
  emission: Emission | ''
  registeredOn: string
  operator: string
  county: string
  /** VINs of the old vehicles, or what was typed */
  replaces: string[]
  /** the new vehicle takes over the plate of an old one */
  keepPlate: boolean
  reason: Reason | ''
  certificate: string
  packs: string
  /** pack codes, one a line */
  installed: string
  removed: string
  chemistry: string
  capacityKwh: string
  toOperator: string
  toCounty: string
  note: string
  /** why it is recorded although a target is broken */
  breachReason: string
  /** why a recorded entry is put right */
  why: string
  attachments: Attachment[]
}

/** A field of the form. */
export type FieldName = Exclude<keyof Draft, 'kind' | 'keepPlate'>

/** The kinds in the order in which the form offers them, with the keys 1 to 6. */
export const KIND_ORDER: readonly Kind[] = [
  'replaced',
  'added',
  'retired',
  'battery-swap',
  'transferred',
  'stock',
]

/** An empty form, with the day filled in. */
export const emptyDraft = (kind: Kind, today: string): Draft => ({
  ...{ kind, on: today, stockOn: '', subject: '', plate: '', vin: '' },
  ...{ category: '', energy: '', emission: '', registeredOn: '', operator: '', county: '' },
  ...{ replaces: [], keepPlate: false, reason: '', certificate: '', packs: '' },
  ...{ installed: '', removed: '', chemistry: '', capacityKwh: '', toOperator: '', toCounty: '' },
  ...{ note: '', breachReason: '', why: '', attachments: [] },
})

/** The form for the next one of the same kind: what usually repeats stays. */
export function nextDraft(before: Draft, today: string): Draft {
  const { kind, on, category, energy, emission, operator, county, reason, chemistry } = before
  const { toOperator, toCounty } = before
  return {
    ...emptyDraft(kind, today),
    ...{ on: on || today, category, energy, emission, operator, county, reason, chemistry },
    ...{ toOperator, toCounty },
  }
}

/** A recorded entry as the form would have held it, to put it right. */
export function draftOf(change: ChangeView): Draft {
  const { kind, on, vehicle, retires, from } = change
  const entry = kind === 'stock' || kind === 'added' || kind === 'replaced'
  const base = emptyDraft(kind, kind === 'stock' ? '' : on)
  const common: Draft = {
    ...base,
    stockOn: kind === 'stock' ? on : '',
    note: change.note ?? '',
    certificate: change.certificate ?? '',
    breachReason: change.breachReason ?? '',
  }
  if (!entry) {
    return {
      ...common,
      subject: vehicle.vin,
      reason: change.reason ?? '',
      packs: change.packs === null ? '' : String(change.packs),
      installed: change.batteries?.installed?.join('\n') ?? '',
      removed: change.batteries?.removed?.join('\n') ?? '',
      chemistry: change.batteries?.chemistry ?? '',
      capacityKwh: change.batteries?.capacityKwh ? String(change.batteries.capacityKwh) : '',
      toOperator: from && from.operator !== vehicle.operator ? change.operatorName : '',
      toCounty: from && from.county !== vehicle.county ? vehicle.county : '',
    }
  }
  return {
    ...common,
    plate: vehicle.plate,
    vin: vehicle.vin,
    category: vehicle.category,
    energy: vehicle.energy,
    emission: vehicle.emission ?? '',
    registeredOn: vehicle.registeredOn ?? '',
    operator: change.operatorName,
    county: vehicle.county,
    replaces: retires.map((old) => old.vin),
    keepPlate: retires.some((old) => old.plate === vehicle.plate),
  }
}

/** Whether two forms say the same. */
export const sameDraft = (a: Draft, b: Draft): boolean =>
  (Object.keys(a) as (keyof Draft)[]).every((name) => JSON.stringify(a[name]) === JSON.stringify(b[name]))

/** The fields that the form of a kind has, in the order in which one tabs through them. */
export function fieldsOf(kind: Kind): readonly FieldName[] {
  const facts = [
    'plate',
    'vin',
    'category',
    'energy',
    'emission',
    'registeredOn',
    'operator',
    'county',
  ] as const
  switch (kind) {
    case 'replaced':
      return ['replaces', ...facts, 'on', 'note']
    case 'added':
      return [...facts, 'on', 'note']
    case 'stock':
      return [...facts, 'stockOn', 'note']
    case 'retired':
      return ['subject', 'reason', 'certificate', 'emission', 'on', 'note']
    case 'battery-swap':
      return ['subject', 'packs', 'chemistry', 'capacityKwh', 'on', 'removed', 'installed', 'note']
    case 'transferred':
      return ['subject', 'toOperator', 'toCounty', 'on', 'note']
  }
}
