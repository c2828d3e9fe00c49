import { defineRoute } from '../http/route.ts'
import type { NilLinks } from './nil-links.ts'
import {
  monthReminders,
  nilLink,
  nilLinkView,
  reminder,
  reminderSettings,
  remindersQuery,
  remindNow,
  updateReminders,
} from './reminder-schema.ts'
import type { ReminderPlans } from './reminder-settings.ts'
import { remindersOf, viewOf } from './reminder-view.ts'
import type { ReminderParts, Reminders } from './reminders.ts'
import { nilReport } from './schema.ts'

export interface ReminderRouteParts {
  reminders: Reminders
  reminderParts: ReminderParts
  reminderPlans: ReminderPlans
  nilLinks: NilLinks
  /** says that a mail may have to be queued */
  soon: () => void
}

/** Reminders of monthly reporting: what was sent, by hand too, and how they are set. */
export const reminderRoutes = (parts: ReminderRouteParts) => [
  defineRoute({
    method: 'get',
    path: '/reporting/reminders',
    summary: 'What operators were reminded of for a month, by which mails, and what comes next',
    permission: 'import.decide',
    query: remindersQuery,
    answer: monthReminders,
    handle: ({ query, caller, now }) => remindersOf(query.month, caller, now, parts.reminderParts),
  }),
  defineRoute({
    method: 'post',
    path: '/reporting/reminders',
    summary: 'Remind one operator now; at most once a day',
    permission: 'import.decide',
    audit: 'report.remind',
    body: remindNow,
    status: 201,
    answer: reminder,
    handle: async ({ body, caller, now, audit }) => {
      const by = { id: caller.id, name: caller.name }
      const made = await parts.reminders.byHand(body, { by, county: caller.scope.county, now })
      const to = made.to.map((t) => t.email)
      audit({ target: { kind: 'operator', id: body.operator }, detail: { month: body.month, to } })
      parts.soon()
      return viewOf(made, new Map())
    },
  }),
  defineRoute({
    method: 'get',
    path: '/reporting/settings',
    summary: 'When lists are due, and when operators are reminded',
    permission: 'import.decide',
    answer: reminderSettings,
    handle: () => parts.reminderPlans.get(),
  }),
  defineRoute({
    method: 'patch',
    path: '/reporting/settings',
    summary: 'Say when lists are due, when operators are reminded, and who is left in peace',
    permission: 'reporting.manage',
    audit: 'reporting.settings',
    body: updateReminders,
    answer: reminderSettings,
    handle: async ({ body, caller, now, audit }) => {
      const by = { id: caller.id, name: caller.name }
      const { before, after } = await parts.reminderPlans.update(body, by, now)
      audit({ target: { kind: 'settings' }, before, after })
      return after
    },
  }),
  ...nilLinkRoutes(parts),
]

const nilLinkRoutes = ({ nilLinks, soon }: ReminderRouteParts) => [
  defineRoute({
    method: 'post',
    path: '/reporting/nil-link',
    summary: 'What a link of a reminder reports; does nothing yet',
    permission: 'public',
    audit: false,
    body: nilLink,
    answer: nilLinkView,
    handle: ({ body, now }) => nilLinks.check(body.token, now),
  }),
  defineRoute({
    method: 'post',
    path: '/reporting/nil-link/report',
    summary: 'Report by the link of a reminder that there is nothing to report',
    permission: 'public',
    audit: 'report.nil',
    body: nilLink,
    status: 201,
    answer: nilReport,
    handle: async ({ body, now, audit, res }) => {
      const { report, isNew, to } = await nilLinks.redeem(body.token, now)
      audit({
        target: { kind: 'operator', id: report.operator },
        detail: { month: report.month, by: to, link: true },
      })
      soon()
      if (!isNew) res.status(200).json(report)
      return report
    },
  }),
]
