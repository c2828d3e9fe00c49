import { type Connection, Schema } from 'mongoose'
import type { VehicleFacts } from '../domain/change.ts'
import type { CivilDate } from '../domain/civil-date.ts'
import type { LifeEvent } from '../domain/life.ts'
import type { Reason, Status } from '../domain/vocabulary.ts'

/**
 * The indexes that lists of vehicles are read by. Each key costs about as much as a fifth of the document to write, so
 * there is none for a filter that another serves within a small factor (see pages.ts).
 */
export const INDEXES = {
  fragments: { fragments: 1 },
  newest: { enteredOn: -1, _id: 1 },
  kind: { category: 1, energy: 1, status: 1, enteredOn: -1, _id: 1 },
  operator: { operator: 1, enteredOn: -1, _id: 1 },
  county: { county: 1, enteredOn: -1, _id: 1 },
  age: { registeredOn: -1, _id: 1 },
  returned: { returned: 1, enteredOn: -1, _id: 1 },
  emission: { emission: 1, enteredOn: -1, _id: 1 },
  /** those that left, which lie far down among the others */
  left: { status: 1, enteredOn: -1, _id: 1 },
  /** in service, of which nobody has said when it was registered; or, for diesel trucks, by which emission standard */
  unregistered: { operator: 1, _id: 1, county: 1 },
  unclassed: { operator: 1, _id: 1, county: 1, emission: 1 },
  /** what is told of vehicles by their age without looking at them, see server/due */
  due: {
    ...({ status: 1, category: 1, energy: 1, registeredOn: 1, _id: 1 } as const),
    ...({ county: 1, operator: 1, emission: 1 } as const),
  },
} as const

/** Vehicles in service with a fact missing that figures and due dates need. */
export const UNREGISTERED = { status: 'active', registeredOn: null } as const
export const UNCLASSED = { status: 'active', category: 'truck', energy: 'diesel', emission: null } as const

/** A vehicle's present state and its life, derived from the ledger. The id is the VIN. */
export interface VehicleDoc extends Omit<VehicleFacts, 'vin'> {
  _id: string
  status: Status
  enteredOn: string
  exitedOn: string | null
  exitReason: Reason | 'replaced' | null
  replaces: string[]
  replacedBy: string | null
  /** every plate that it ever carried */
  plates: string[]
  /** what it is found by, see fragments.ts */
  fragments: string[]
  /** its times in service: the days from (included) and to (not included), the last without `to` while it lasts */
  spells: { from: CivilDate; to: CivilDate | null }[]
  /** it came into service more than once; absent for nearly all */
  returned?: true
  life: LifeEvent[]
}

const schema = new Schema<VehicleDoc>(
  {
    _id: { type: String, required: true },
    plate: String,
    category: String,
    energy: String,
    emission: String,
    registeredOn: String,
    operator: String,
    county: String,
    status: String,
    enteredOn: String,
    exitedOn: String,
    exitReason: String,
    replaces: [String],
    replacedBy: String,
    plates: [String],
    fragments: [String],
    spells: [Schema.Types.Mixed] as never,
    returned: Boolean,
    life: [Schema.Types.Mixed] as never,
  },
  { versionKey: false, minimize: false },
)

schema.index({ plates: 1 })
schema.index(INDEXES.fragments)
schema.index(INDEXES.newest)
schema.index(INDEXES.kind)
schema.index(INDEXES.operator)
schema.index(INDEXES.county)
schema.index(INDEXES.age)
schema.index(INDEXES.emission)
schema.index(INDEXES.returned, { partialFilterExpression: { returned: true } })
schema.index(INDEXES.left, { partialFilterExpression: { status: 'retired' } })
schema.index(INDEXES.due, { partialFilterExpression: { status: 'active' } })

schema.index(INDEXES.unregistered, { partialFilterExpression: UNREGISTERED })
schema.index(INDEXES.unclassed, { partialFilterExpression: UNCLASSED })

/** The model of vehicles' state on a connection. */
export const vehicleModel = (connection: Connection) =>
  connection.model<VehicleDoc>('Vehicle', schema, 'vehicles')
export type VehicleModel = ReturnType<typeof vehicleModel>
