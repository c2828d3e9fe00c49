import type { problemsZh } from './problems.zh-CN.ts'
import type { Words } from './words.ts'

/** What each problem answer says, in English. */
export const problemsEn: Words<typeof problemsZh> = {
  'request.invalid': 'Something that was sent is not right: check the marked fields',
  'request.too-large': 'What was sent is too large',
  'request.not-json': 'What was sent could not be read: reload the page and try again',
  'request.too-many': 'Too many attempts: wait a minute and try again',
  'request.foreign-origin':
    'The request did not come from this site and was refused: open the page from here again',
  'session.required': 'Sign in first',
  'session.wrong-credentials': 'The e-mail address or the password is wrong',
  'session.second-factor': 'Enter the 6 digits that your authenticator shows, or a recovery code',
  'session.wrong-code': 'The code is wrong or was used already: wait for the next one and try again',
  'session.throttled': 'Too many failed attempts: try again later',
  'token.invalid': 'The API token is wrong, expired or revoked: make a new one under “My account”',
  'permission.denied': 'Your account may not do this; ask an administrator if you need it',
  'permission.session-only': 'This is done in the pages, signed in, and not with an API token',
  'second-factor.required': 'Your account must have a second factor: set it up first',
  'second-factor.not-pending': 'No second factor waits for its confirmation: begin again',
  'second-factor.off': 'The second factor is not turned on',
  'password.wrong': 'The password is wrong: type it again',
  'link.expired':
    'The link is wrong, used or expired: ask for a new one, or ask an administrator for another invitation',
  'not-found': 'Not found: it may be gone, or outside what you may see',
  'method.not-allowed': 'This cannot be done here: reload the page and try again',
  'setup.done': 'The set-up is done already: sign in',
  'setup.token':
    'The set-up link is wrong or has expired: use the latest one that the service printed at its start',
  'account.exists': 'There is an account with this e-mail address already',
  'account.last-administrator': 'At least one administrator must stay',
  'account.not-invited': 'The account has a password already, or is closed: it cannot be invited again',
  'token.too-many': 'There are too many API tokens: revoke one that is not used any more',
  'change.invalid': 'This change is not possible: check the marked fields',
  'change.already-voided': 'The entry is voided already',
  'change.has-dependents': 'Later changes of this vehicle rest on it: void the last one first',
  'change.breaks-target': 'This change breaks a target: give the reason and record it again',
  'change.unchanged': 'The correction says the same as the entry: there is nothing to correct',
  'attachment.no-file': 'No document arrived: choose a PDF, JPEG or PNG',
  'attachment.type': 'Documents are taken as PDF, JPEG or PNG: scan or export it as one of them',
  'attachment.too-large': 'The document is larger than 10 MB: compress it, or keep the pages that matter',
  'attachment.taken': 'This document goes with a recorded change: it can neither be removed nor moved',
  'change.duplicate': 'The change is on the ledger already; nothing was recorded twice',
  'import.not-a-list': 'This is not a list that can be read: send an .xlsx, .xls or .csv file',
  'import.empty': 'The file holds no data: check that it is the right file and the data stands in a sheet',
  'import.no-header': 'No header row was found: one row must name the columns (车牌号, 车架号, 变动类型 …)',
  'import.too-many-rows': 'The list has too many rows: split it into several files',
  'import.too-large': 'The file is too large: split it, or remove pictures and the like',
  'import.too-complex':
    'The file is built too intricately to be read: copy its cells into a new workbook and send that',
  'import.encrypted': 'The file has a password: remove it and send the file again',
  'import.corrupt': 'The file is damaged: open it in a spreadsheet program, save it anew and send that',
  'import.encoding':
    'The encoding of the text is not recognised. Save the list as .xlsx, or as .csv in UTF-8, and send it again',
  'import.no-file': 'No file arrived: choose it again',
  'import.wrong-status': 'The list has moved on, perhaps somebody just dealt with it: reload to see',
  'import.nothing-to-apply': 'There is nothing to record: every row has errors or is on the ledger already',
  'import.beyond-county':
    'Rows of this list touch vehicles of other counties: leave it to the officers of the bureau',
  'import.has-dependents':
    'Vehicles of this list have changed again since: void the changes below first, then withdraw the list',
  'dispute.not-disputable':
    'This row cannot be disputed: it has no error and was not returned. If it is wrong, mend it and send it again',
  'dispute.open': 'A dispute of this row is open already: wait for its answer',
  'dispute.no-document': 'No document arrived: add one as PDF, JPEG or PNG',
  'dispute.document-type': 'Documents are taken as PDF, JPEG or PNG: scan or export it as one of them',
  'dispute.document-too-large':
    'The document is larger than 10 MB: compress it, or keep the pages that matter',
  'dispute.decided': 'This dispute has been answered already: reload to see how',
  'dispute.own': 'Nobody decides a dispute of their own: leave it to another officer',
  'dispute.cannot-record':
    'The row has errors that no document settles: deny the dispute, so that its sender mends what is named below',
  'dispute.row-changed':
    'The row was changed after it was disputed: deny the dispute, so that its sender submits it as it is now',
  'operator.exists':
    'This name, alias or credit code belongs to another operator: check it, or make it an alias there',
  'report.has-list': 'The month has a list or recorded changes: there is no need for a nil report',
  'rule.unknown': 'There is no such rule',
  'policy.unknown-version': 'The rules have no such version: choose one from the list of versions',
  'policy.unchanged': 'Nothing differs from the rules in force: there is nothing to publish',
  'policy.other-city': 'A version is of the same policy and city; another city needs a system of its own',
  'policy.superseded':
    'Somebody has just published a version. Make your changes to that one; what you entered is still on the page',
  'scenario.period-over': 'The plan’s period is over: there is no time left to plan for',
  'scenario.name-taken': 'There is a scenario of this name already: choose another name',
  'scenario.superseded':
    'The scenario has just been changed elsewhere. Open it again; what you entered is still on the page',
  'export.running': 'Your last export is still being made: wait until it is done, or stop it',
  'job.unknown': 'There is no such job',
  'job.running': 'The job is running: wait until it is done',
  'job.schedule-changed': 'Somebody else has just changed when the job is due: reload and try again',
  'cron.invalid': 'Not a schedule: five fields are needed, minute hour day month weekday, such as 0 8 * * 1',
  'cron.too-often': 'Too often: once an hour at most',
  'cron.never': 'There is no such date: the job would never run',
  'mail.not-resendable': 'This mail has been sent or is being sent',
  busy: 'The service is busy: try again in a moment; nothing sent is lost',
  internal: 'Something went wrong on our side: try again later, or tell an administrator',
}
