import { type Connection, Schema } from 'mongoose'
import type { VehicleFacts } from '../domain/change.ts'
import type { LifeEvent } from '../domain/life.ts'
import type { Reason, Status } from '../domain/vocabulary.ts'

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
    life: [Schema.Types.Mixed] as never,
  },
  { versionKey: false, minimize: false },
)

schema.index({ plates: 1 })
schema.index({ enteredOn: -1, _id: 1 })
schema.index({ category: 1, status: 1, enteredOn: -1, _id: 1 })
schema.index({ operator: 1, enteredOn: -1, _id: 1 })
schema.index({ county: 1, enteredOn: -1, _id: 1 })

/** The model of vehicles' state on a connection. */
export const vehicleModel = (connection: Connection) =>
  connection.model<VehicleDoc>('Vehicle', schema, 'vehicles')
export type VehicleModel = ReturnType<typeof vehicleModel>
