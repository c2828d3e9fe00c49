import type { Words } from '../../../../server/wording/index.ts'
import type { timetableZh } from '../zh/timetable.ts'

/** When jobs are due, their runs, and whether checks are made at all. */
export const timetableEn: Words<typeof timetableZh> = {
  timetable: {
    daily: 'Every day at {{time}}',
    weekly: '{{day}} at {{time}}',
    monthly: 'Day {{day}} of each month at {{time}}',
    quarterly: 'Day {{day}} of each quarter’s first month at {{time}}',
    kinds: { daily: 'Daily', weekly: 'Weekly', monthly: 'Monthly', quarterly: 'Quarterly', free: 'Other' },
    edit: 'Change',
    editTitle: 'When “{{job}}” is due',
    editHint:
      'In force as soon as it is saved. What was due before stays so; the new times count from now on. All times are Beijing time.',
    rhythm: 'How often',
    weekday: 'On',
    day: 'Day of the month',
    dayOfQuarter: 'Day of the quarter’s first month',
    time: 'At',
    cron: 'Cron',
    cronHint:
      'Five fields with blanks between: minute hour day month weekday. 0 8 * * 1-5 is 08:00 on working days; L is a month’s last day. Once an hour at most.',
    reason: 'Why (may be left out; goes into the audit log)',
    nextFive: 'Next five times',
    saved: 'The schedule was changed',
    toDefault: 'Back to the default: {{words}}',
    edited: 'changed by {{by}}, {{at}}',
    reset: 'set back to the default by {{by}}, {{at}}',
    becauseOf: 'Reason: {{reason}}',
    history: 'Runs',
    historyTitle: '{{job}}: runs',
    back: 'Jobs',
    slot: 'Due',
    outcome: 'Outcome',
    started: 'Started',
    duration: 'Took',
    attempts: 'Attempts',
    counts: 'What it did',
    why: 'Reason',
    noRuns: 'It has never run',
    noRunsHint: 'It runs by itself when it is due, or now by “Run now” among the jobs.',
    covers: 'stands for {{n}}, {{from}} to {{to}}',
    lag: '{{text}} behind',
    tryAgain: 'tried again at {{at}}',
    outcomes: {
      running: 'Running',
      done: 'Done',
      error: 'Failed',
      'timed-out': 'Timed out',
      interrupted: 'Interrupted',
    },
    took: {
      ms: '{{n}} ms',
      seconds: '{{n}} s',
      minutes: '{{n}} min {{s}} s',
    },
  },
  checks: {
    stale:
      'No compliance check has been completed for more than a day; the last one was at {{at}}. Figures are still made from the latest records, but have not been checked.',
    never:
      'No compliance check has ever been completed. Figures are made from the latest records, but have not been checked.',
    look: 'See the jobs',
  },
}
