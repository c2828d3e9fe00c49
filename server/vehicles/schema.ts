import { z } from 'zod'
import { change } from '../changes/schema.ts'
import { CATEGORIES, EMISSIONS, ENERGIES, REASONS, STATUSES } from '../domain/vocabulary.ts'
import { oneOrMore, paging } from '../http/schema.ts'

export const vehicle = z.object({
  /** the VIN is a vehicle's identity and its id */
  id: z.string(),
  vin: z.string(),
  plate: z.string(),
  category: z.enum(CATEGORIES),
  energy: z.enum(ENERGIES),
  newEnergy: z.boolean(),
  emission: z.enum(EMISSIONS).nullable(),
  registeredOn: z.string().nullable(),
  operator: z.string(),
  operatorName: z.string(),
  county: z.string(),
  status: z.enum(STATUSES),
  enteredOn: z.string(),
  exitedOn: z.string().nullable(),
  exitReason: z.enum([...REASONS, 'replaced']).nullable(),
  replaces: z.array(z.string()),
  replacedBy: z.string().nullable(),
})
export type Vehicle = z.infer<typeof vehicle>

/** A vehicle with its life: every change that touched it, oldest first, voided ones among them. */
export const vehicleWithHistory = vehicle.extend({
  plates: z.array(z.object({ plate: z.string(), from: z.string(), to: z.string().nullable() })),
  history: z.array(change),
})
export type VehicleWithHistory = z.infer<typeof vehicleWithHistory>

export const vehicleQuery = paging.extend({
  category: oneOrMore(CATEGORIES).optional(),
  energy: oneOrMore(ENERGIES).optional(),
  status: z.enum(STATUSES).optional(),
  county: z.string().max(12).optional(),
  operator: z.string().max(100).optional(),
  /** a fragment of a plate or VIN */
  q: z.string().trim().max(60).optional(),
})
