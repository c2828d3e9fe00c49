/** Which mails an account wants: its own choice, or what its role begins with. */
import { z } from 'zod'
import type { Role } from './schema.ts'

/** What an account can choose of mails, each a switch of its own. */
export const WISHES = [
  'weeklyReport',
  'monthlyReport',
  'quarterlyReport',
  'alerts',
  'attachTables',
  'listMails',
] as const
export type Wish = (typeof WISHES)[number]
export type Wishes = Record<Wish, boolean>

const BUREAU: readonly Role[] = ['administrator', 'officer', 'county-officer']
const EVERYBODY: readonly Role[] = [...BUREAU, 'viewer', 'operator']

/** Who gets what until somebody chooses otherwise: those in charge everything, the others the report of the month. */
const AT_FIRST: Record<Wish, readonly Role[]> = {
  weeklyReport: BUREAU,
  monthlyReport: EVERYBODY,
  quarterlyReport: BUREAU,
  alerts: BUREAU,
  attachTables: [],
  listMails: EVERYBODY,
}

/** The roles whose accounts want something until they choose otherwise. */
export const rolesThatWant = (wish: Wish): readonly Role[] => AT_FIRST[wish]

/** What an account wants. @param chosen what it has chosen; the rest is as its role begins */
export const wishesOf = (role: Role, chosen: { [W in Wish]?: boolean | undefined }): Wishes =>
  Object.fromEntries(
    WISHES.map((wish) => [wish, chosen[wish] ?? rolesThatWant(wish).includes(role)]),
  ) as Wishes

const flag = z.boolean()

/** The switches as they are answered. */
export const wishes = {
  /** wants the weekly report by e-mail */
  weeklyReport: flag,
  /** wants the report of each month */
  monthlyReport: flag,
  /** wants the report of each quarter */
  quarterlyReport: flag,
  /** wants to be told at once when a target's status changes or a change breaks one */
  alerts: flag,
  /** wants the tables of a report attached to its mail, as .xlsx */
  attachTables: flag,
  /** wants to be told by e-mail of lists that are sent, returned, recorded … */
  listMails: flag,
}

/** The same where they are asked for: what is left out stays, or is as the role begins. */
export const chosenWishes = z.object(wishes).partial().shape
