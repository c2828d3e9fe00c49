import type { CivilDate } from './civil-date.ts'
import type { Category, Chemistry, Emission, Energy, Kind, Reason } from './vocabulary.ts'

/** What a vehicle is at a moment: the facts that a change counts by. */
export interface VehicleFacts {
  /** normalised VIN: the vehicle's identity */
  vin: string
  /** normalised plate */
  plate: string
  category: Category
  energy: Energy
  /** null when it has none or nobody has said */
  emission: Emission | null
  registeredOn: CivilDate | null
  /** operator id */
  operator: string
  /** region code */
  county: string
}

/** The packs that a battery swap put in and took out. */
export interface Batteries {
  /** normalised GB/T 34014 codes */
  installed: string[]
  removed: string[]
  chemistry: Chemistry | null
  /** of one pack, in kWh */
  capacityKwh: number | null
}

/** A change before it is recorded: everything it says, with the facts it counts by copied into it. */
export interface ChangeDraft {
  kind: Kind
  /** effective date: the civil date in Asia/Shanghai on which it happened */
  on: CivilDate
  /** the vehicle as the change leaves it */
  vehicle: VehicleFacts
  /** the vehicles that a replacement retires, as they were */
  retires: VehicleFacts[]
  /** operator and county before a transfer */
  from: { operator: string; county: string } | null
  reason: Reason | null
  /** scrap certificate number */
  certificate: string | null
  /** battery packs (块) */
  packs: number | null
  note: string | null
  /** what is known of the packs of a battery swap; absent where nothing is */
  batteries?: Batteries
  /** ids of the rules that do not count it, by decision of a dispute; most changes have none */
  exemptFrom?: string[]
}

/** An entry of the ledger, as far as the rules are concerned. */
export interface Change extends ChangeDraft {
  id: string
  recordedAt: Date
  voidedAt: Date | null
}

/** The key under which a change is recorded once: vehicle, kind, date. */
export const changeKey = (vin: string, kind: Kind, on: CivilDate): string => `${vin}|${kind}|${on}`

/** The VINs whose state a change bears on: its vehicle's, and those that it retires. */
export const touchedVins = (change: Pick<ChangeDraft, 'vehicle' | 'retires'>): string[] => [
  change.vehicle.vin,
  ...change.retires.map((r) => r.vin),
]
