import { z } from 'zod'
import { civilDate } from '../domain/civil-date.ts'
import { countyCode } from '../http/schema.ts'
import { month } from './schema.ts'

/** Who is told at an operator: its accounts; else whom the register names; else nobody. */
export const REACHES = ['accounts', 'contacts', 'nobody'] as const
export type Reach = (typeof REACHES)[number]

const MOST_STEPS = 8
/** Days from the day on which a list is due: before it (negative) or after it. */
const step = z
  .number()
  .int()
  .min(-28)
  .max(13)
  .refine((days) => days !== 0, { error: 'reminder.step' })

const plan = {
  dueDay: z.number().int().min(1).max(28),
  steps: z
    .array(step)
    .min(1)
    .max(MOST_STEPS)
    .transform((steps) => [...new Set(steps)].sort((a, b) => a - b)),
  escalateAfter: z.number().int().min(2).max(14),
}
const paused = z.strictObject({
  counties: z.array(countyCode).max(100),
  operators: z.array(z.string().min(1).max(100)).max(1000),
})

/** How reminders are set. */
export const reminderSettings = z.object({
  ...plan,
  paused,
  updated: z.object({ at: z.iso.datetime(), by: z.string() }).nullable(),
})
export type ReminderSettings = z.infer<typeof reminderSettings>

/** What is left out stays as it is. Whoever is reminded after the day is reminded before it goes to the officer. */
export const updateReminders = z.strictObject({ ...plan, paused }).partial()

export const remindersQuery = z.object({ month })
export const remindNow = z.strictObject({ month, operator: z.string().trim().min(1).max(100) })

/** A mail of a reminder. `null`: it is not queued yet. */
const reminderMail = z.object({ id: z.string().nullable(), to: z.string(), status: z.string().nullable() })

export const reminder = z.object({
  step: z.union([z.number().int(), z.literal('by-hand')]),
  at: z.iso.datetime(),
  by: z.string().nullable(),
  reach: z.enum(REACHES),
  mails: z.array(reminderMail),
  /** what was not sent yet was taken back, as the operator had reported */
  stopped: z.boolean(),
})
export type ReminderView = z.infer<typeof reminder>

export const operatorReminders = z.object({
  operator: z.string(),
  /** who can be told */
  reach: z.enum(REACHES),
  paused: z.boolean(),
  /** has been reminded today, by whomever */
  today: z.boolean(),
  sent: z.array(reminder),
  /** when and by how many days from the day on which the list is due; null when there is none */
  next: z.object({ on: civilDate, offset: z.number().int(), escalates: z.boolean() }).nullable(),
  /** officers were told of it */
  escalatedAt: z.iso.datetime().nullable(),
})
export type OperatorReminders = z.infer<typeof operatorReminders>

export const monthReminders = z.object({
  month: z.string(),
  dueOn: civilDate,
  items: z.array(operatorReminders),
})
export type MonthReminders = z.infer<typeof monthReminders>

/** The token of a link that reports that there is nothing to report. */
export const nilLink = z.strictObject({ token: z.string().min(1).max(400) })
/** What such a link is for. */
export const nilLinkView = z.object({
  month: z.string(),
  operatorName: z.string(),
  dueOn: civilDate,
  reported: z.enum(['list', 'nil']).nullable(),
})
export type NilLinkView = z.infer<typeof nilLinkView>
