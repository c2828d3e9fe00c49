import type { faultsZh } from './faults.zh-CN.ts'
import type { Words } from './words.ts'

/** What is wrong with a field of a request, in English. */
export const faultsEn: Words<typeof faultsZh> = {
  'email.invalid': 'This is no e-mail address: check it',
  'password.short': 'A password has at least 10 characters',
  'password.long': 'A password has at most 200 characters',
  'credit-code.invalid':
    'This is no unified social credit code: 18 characters, the last of which checks the others. Compare the licence',
  'account.needs-county': 'A county officer needs a county',
  'account.needs-operator': 'An operator account needs its operator',
  'account.no-county': 'Only county officers and viewers have a county: leave it empty',
  'account.no-operator': 'Only operator accounts have an operator: leave it empty',
  'token.permission': 'Your account does not have “{{permission}}”, or no token may have it',
  'session.throttled': 'Try again in {{seconds}} seconds',
  'month.invalid': 'A month is written as in 2026-11',
  'months.order': 'The first month cannot come after the last one: choose others',
  'months.too-many': 'At most 120 months can be looked at: choose fewer',
  'month.not-open': 'Nil reports are taken for this month and the last one only',
  'report.needs-operator': 'Say for which operator the nil report is',
  'claim.length': 'Give the reason, in at most 1,000 characters',
  'wish.invalid':
    'Say what is wished: to take the row as it stands, or to take it and leave it out of some rules',
  'rules.invalid':
    'Exemption is from renewal, retirement and addition targets, not from the share of the fleet in service: choose again',
  'import.wrong-status': 'The list is now “{{status}}”, by {{by}}',
  'import.has-dependents': '{{on}} {{kind}} {{plate}}',
  'change.has-dependents': '{{on}} {{kind}} {{plate}}',
  'change.breaks-target': 'The target is broken by this change: a reason is needed',
  'change.dependents-outside':
    'The vehicle has later changes outside your scope: ask an officer of the bureau',
  'attachment.unknown': 'There is no such document, or another change has it: upload it again',
  'operator.exists': 'It belongs to “{{name}}”',
  'dispute.decided': 'Answered by {{by}}',
  'cursor.invalid': 'This page has gone: begin again at the first',
  'policy.note': 'Say on what grounds, in at most 500 characters',
  'policy.period': 'The period must begin before it ends',
  'policy.duplicate-rule': 'Two rules have the same id',
  'policy.duplicate-region': 'Two regions have the same code',
  'policy.region-outside': 'A region’s code must begin with its city’s',
  'policy.region-lost': 'Regions that the ledger uses cannot be removed: {{name}}',
  'policy.no-option': 'Choose one of the readings listed',
  'policy.no-rule': 'The reading names a rule that does not exist',
  'policy.milestones':
    'Milestones must be in order of date, must not fall, and must lie within the period and below the target',
  'policy.duplicate-life': 'The service life of the same vehicles is given twice',
  'scenario.percent': 'A percentage must lie between 0 and 100',
  'scenario.amount': 'A number must be a whole one from 0 to 100000',
  'scenario.too-many-steps': 'A scenario has at most 20 steps',
  'scenario.beyond-county': 'The scenario is of one county: its steps must lie in it',
  'scenario.too-many-operators': 'A step names at most 50 operators',
  'scenario.name': 'Give the scenario a name of at most 60 characters',
  'scenario.note': 'A note has at most 500 characters',
  'scenario.nobody': 'Choose who is to get it',
  'scenario.too-many-recipients': 'At most 50 people at once',
  'scenario.recipient': 'An account chosen is closed or may not see this scenario: choose again',
}
