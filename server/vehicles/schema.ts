import { z } from 'zod'
import { change } from '../changes/schema.ts'
import { civilDate } from '../domain/civil-date.ts'
import { CATEGORIES, EMISSIONS, ENERGIES, REASONS, STATUSES } from '../domain/vocabulary.ts'
import { instant, oneOrMore, pageOf, paging } from '../http/schema.ts'

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
  /** VINs at the other side of a replacement, as far as the caller may see those vehicles */
  replaces: z.array(z.string()),
  replacedBy: z.string().nullable(),
})
export type Vehicle = z.infer<typeof vehicle>

/** What is shown of a vehicle while somebody types. */
export const vehicleSuggestion = vehicle.pick({
  ...{ vin: true, plate: true, category: true, energy: true, operatorName: true, county: true, status: true },
})
export type VehicleSuggestion = z.infer<typeof vehicleSuggestion>
export const vehicleSuggestions = z.object({ items: z.array(vehicleSuggestion) })

/** When a list or a vehicle shows the past: as of which day, as known at which instant; absent for the present. */
const pastView = { asOf: z.string().optional(), knownAt: z.iso.datetime().optional() }

export const vehiclePage = pageOf(vehicle).extend(pastView)

/**
 * An entry of a vehicle's life. `partial`: a part of it lies outside what the caller may see and is cut out; where that
 * is the entry's own vehicle (it was handed over, or replaced by somebody else's), `vehicle` is this one as it was.
 */
export const historyEntry = change.extend({ partial: z.boolean() })

/**
 * A vehicle with its life: every change that touched it, oldest first, voided ones among them.
 *
 * A caller limited to a county or an operator sees the entries that lie there. A vehicle that has left that part of the
 * register is shown as it was at its last moment there, with the day on which it left; nothing of what became of it.
 */
export const vehicleWithHistory = vehicle.extend({
  plates: z.array(z.object({ plate: z.string(), from: z.string(), to: z.string().nullable() })),
  history: z.array(historyEntry),
  /** entries that the caller may not see */
  hiddenEntries: z.number().int(),
  /** the day on which it passed to a part of the register that the caller does not see */
  movedOn: z.string().nullable(),
  ...pastView,
})
export type VehicleWithHistory = z.infer<typeof vehicleWithHistory>

/** As of a day, as known at an instant. */
export const pastQuery = z.object({ asOf: civilDate.optional(), knownAt: instant.optional() })

const years = z.coerce.number().int().min(0).max(150)

/** What narrows a list of vehicles. */
export const vehicleFilter = pastQuery.extend({
  category: oneOrMore(CATEGORIES).optional(),
  energy: oneOrMore(ENERGIES).optional(),
  /** `none`: no emission standard, or nobody has said which */
  emission: oneOrMore([...EMISSIONS, 'none']).optional(),
  status: z.enum(STATUSES).optional(),
  county: z.string().max(12).optional(),
  operator: z.string().max(100).optional(),
  /** full years since registration, both included; a vehicle without a date of registration has no age */
  ageFrom: years.optional(),
  ageTo: years.optional(),
  /** in service at the end of that day */
  inServiceOn: civilDate.optional(),
  /** a fragment of a plate or VIN; a single character is looked for at the beginning */
  q: z.string().trim().max(60).optional(),
})
export type VehicleFilter = z.output<typeof vehicleFilter>

/**
 * The list's order is by coming into service, the latest first; with a filter by age by registration, the latest first;
 * as of or as known at another time by VIN. A page of a past list may hold fewer than asked for, even none, and yet
 * have a next one: so much of the register is looked through at a time, and no more.
 */
export const vehicleQuery = vehicleFilter.extend(paging.shape)

export const suggestQuery = z.object({
  q: z.string().trim().max(60),
  limit: z.coerce.number().int().min(1).max(20).default(10),
  status: z.enum(STATUSES).optional(),
  category: oneOrMore(CATEGORIES).optional(),
})

/** `atLeast`: so many were found in what one request looks through of a past list; there may be more. */
export const count = z.object({ total: z.number().int(), atLeast: z.boolean().optional() })
export type Counted = z.infer<typeof count>
