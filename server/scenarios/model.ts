import { type Connection, Schema, type Types } from 'mongoose'
import type { Language } from '../accounts/schema.ts'
import type { ScenarioInputs } from '../domain/scenario.ts'
import type { ScenarioResult } from './schema.ts'

export interface Person {
  id: string
  name: string
}

/** What if, kept: what was planned, and the figures that it led to as they were made. */
export interface ScenarioDoc extends ScenarioResult {
  _id: Types.ObjectId
  name: string
  note: string
  inputs: ScenarioInputs
  /** the county whose figures they are; null for the whole city */
  county: string | null
  revision: number
  createdBy: Person
  createdAt: Date
  changedAt: Date
  deletedAt: Date | null
  /** who of those that are not deleted has a name: the county and the name, absent for deleted ones */
  taken?: string
}

const scenarioSchema = new Schema<ScenarioDoc>({}, { strict: false, versionKey: false, minimize: false })
scenarioSchema.index({ taken: 1 }, { unique: true, partialFilterExpression: { taken: { $type: 'string' } } })
scenarioSchema.index({ deletedAt: 1, changedAt: -1, _id: -1 })

export const scenarioModel = (connection: Connection) =>
  connection.model<ScenarioDoc>('Scenario', scenarioSchema, 'scenarios')
export type ScenarioModel = ReturnType<typeof scenarioModel>

/** Keeps names apart: of one county, or of the city, no two scenarios have the same. */
export const takenName = (county: string | null, name: string): string =>
  `${county ?? ''}|${name.normalize('NFKC').toLowerCase()}`

/** That one account is to get one scenario by mail: what it says is kept with the wish. */
export interface ScenarioMailDoc {
  /** scenario, revision, day and account: one mail, however often it is asked for */
  _id: string
  account: string
  scenario: string
  /** the outbox's period: the same without the account */
  period: string
  language: Language
  to: { name: string; address: string }
  by: string
  /** a sentence of the sender's own */
  message: string
  content: ScenarioContent
  at: Date
  mail: 'due' | 'done'
}

/** A scenario as it was when it was sent. */
export interface ScenarioContent extends ScenarioResult {
  name: string
  note: string
  inputs: ScenarioInputs
  /** the county whose figures they are; null for the whole city */
  county: string | null
  operators: Person[]
}

const mailSchema = new Schema<ScenarioMailDoc>(
  { _id: { type: String, required: true } },
  { strict: false, versionKey: false, minimize: false },
)
mailSchema.index({ mail: 1, at: 1 }, { partialFilterExpression: { mail: 'due' } })

export const scenarioMailModel = (connection: Connection) =>
  connection.model<ScenarioMailDoc>('ScenarioMail', mailSchema, 'scenario-mails')
export type ScenarioMailModel = ReturnType<typeof scenarioMailModel>
