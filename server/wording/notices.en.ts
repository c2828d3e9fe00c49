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
}
