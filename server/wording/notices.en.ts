import type { noticeFieldsZh, noticesZh } from './notices.zh-CN.ts'
import type { Words } from './words.ts'

/** What each notice says, in English. */
export const noticesEn: Words<typeof noticesZh> = {
  'list-submitted': '{{operator}} submitted the list “{{filename}}”; it waits for a decision',
  'list-returned': 'The list “{{filename}}” was returned: mend it as the reason says and submit it again',
  'list-applied': 'The list “{{filename}}” is recorded: {{recorded}} changes',
  'list-failed': 'The list “{{filename}}” could not be processed; nothing of it is recorded',
  'list-withdrawn': 'The list “{{filename}}” was withdrawn: its changes count no more',
  'dispute-opened': '{{operator}} disputes row {{row}} of the list “{{filename}}”; it waits for a decision',
  'dispute-decided': 'The dispute of row {{row}} of the list “{{filename}}” has been answered',
  'dispute-decided_upheld':
    'The dispute of row {{row}} of the list “{{filename}}” was upheld; the row is recorded',
  'dispute-decided_denied': 'The dispute of row {{row}} of the list “{{filename}}” was denied',
  'job-failed': 'The job “{{job}}” failed and needs looking into',
  'job-late': 'The job “{{job}}” did not run on time',
  'address-disabled': 'Mail to {{address}} was refused for good; no more is sent there',
  'address-disabled_many':
    'Mail to {{n}} addresses was refused for good; no more is sent there. Check whether it is about how mail is sent here',
  'mails-failed': 'Mails that were not delivered: {{failed}}; look into the reason',
  'outbox-stuck': 'Mails are piling up unsent: check the mail server',
  'figures-mended':
    'Kept figures differed from the ledger and were put right: check the numbers that went out since the last recount',
  'list-expiring':
    'The list “{{filename}}” was never submitted; it is cleared after {{until}} unless somebody goes on with it',
  alert: '{{ruleEn}}: from “{{beforeEn}}” to “{{afterEn}}”',
  alert_breach:
    '{{ruleEn}}: a change was recorded that moves it further from its target (still “{{afterEn}}”)',
  reminder:
    'The changes of {{month}} have not been reported; report them, or that there are none, by {{dueOn}}',
  'reminder-escalated': '{{count}} operators have not reported for {{month}}: please see to it',
  'reminder-escalated_unreachable':
    '{{count}} operators have not reported for {{month}}, and nobody there can be told',
}

export const noticeFieldsEn: Words<typeof noticeFieldsZh> = {
  operator: 'Operator',
  filename: 'List',
  by: 'By',
  sender: 'Sent by',
  reason: 'Reason',
  total: 'Rows',
  toRecord: 'To be recorded',
  recorded: 'Changes recorded',
  warning: 'With a warning',
  error: 'With errors, not recorded',
  failure: 'Reason',
  row: 'Row',
  claim: 'Claim',
  answer: 'Answer',
  until: 'Kept until',
  job: 'Job',
  slot: 'Due at',
  lastSuccess: 'Last success',
  address: 'Address',
  waiting: 'Mails waiting',
  failed: 'Not delivered',
  since: 'Since',
}
