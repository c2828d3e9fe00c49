import type { ReportWords } from './words.zh-CN.ts'

const ROMAN = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X']
const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
]
const plural = (count: number | string, one: string, many: string): string =>
  `${count} ${String(count) === '1' ? one : many}`

/** The sentences of a report, in English. */
export const reportEn: ReportWords = {
  kinds: { weekly: 'Weekly report', monthly: 'Monthly report', quarterly: 'Quarterly report' },
  onDemand: 'This report was made up afterwards, from the changes recorded by the time it was made.',
  title: (city, kind) => `${kind} on vehicle renewal in ${city}’s transport`,
  masthead: (city, kind) => `${city} · ${kind} on vehicle renewal`,
  period: {
    week: (week, year) => `week ${week} of ${year}`,
    month: (month, year) => `${MONTHS[month - 1]} ${year}`,
    quarter: (quarter, year) => `quarter ${quarter} of ${year}`,
  },
  dateFormat: 'd MMMM yyyy',
  instantFormat: 'd MMMM yyyy, HH:mm',
  zone: (zone) => (zone === 'Asia/Shanghai' ? ' (China time)' : ` (${zone})`),
  space: ' ',
  join: ', ',
  list: ', ',
  semicolon: '; ',
  colon: ': ',
  stop: '. ',
  section: (n, text) => `${ROMAN[n - 1]}. ${text}`,
  table: (n, text) => `Table ${n}. ${text}`,
  figure: (n, text) => `Figure ${n}. ${text}`,
  span: (period, days) => `${period.charAt(0).toUpperCase()}${period.slice(1)}, ${days}`,
  extract: (scope) =>
    `This is an extract with the figures of ${scope} only; for the city’s see the original.`,
  standsFor: (periods, own) =>
    `While the service was away ${periods} got no report; this one (${own}) stands for them.`,
  sections: {
    summary: 'Summary',
    targets: 'Targets',
    others: 'Fleet in service and other figures',
    counties: 'By county',
    moved: 'Compared with the report before',
    completeness: 'Reporting',
    exceptions: 'Changes to be explained',
    basis: 'Basis',
    check: 'Verification',
  },
  annex: 'Annex. Targets by month, cumulated',
  annexKey:
    'At each month’s end, from the changes recorded when the report was made; shares read “new-energy / all (share)”.',
  lead: (asOf, known) =>
    `As of the end of ${asOf}, from the changes recorded before ${known}, the targets stand as follows.`,
  glance: {
    counted: (total, parts) => `Of ${plural(total, 'target', 'targets')}: ${parts}.`,
    item: (label, count) => `${count} ${label.charAt(0).toLowerCase()}${label.slice(1)}`,
    good: (count) => `All ${count} targets are on course.`,
    noData: 'There is nothing to count yet.',
  },
  point: (title, value, target) => `${title}: ${value}, target ${target}, `,
  columns: {
    no: 'No.',
    measure: 'Measure',
    present: 'Now',
    parts: 'New-energy / all',
    target: 'Target',
    expected: 'Due by now',
    status: 'Status',
    yearBefore: 'Year before',
    county: 'County',
    before: 'Before',
    now: 'Now',
    change: 'Change',
    happened: 'Happened since',
    late: 'Reported late',
    corrected: 'Corrected',
    policy: 'Rules changed',
    month: 'Month',
    on: 'Date',
    plate: 'Plate',
    vin: 'VIN',
    operator: 'Operator',
    reason: 'Reason',
  },
  total: 'City',
  charts: {
    shares: 'New-energy shares (%)',
    counts: 'Counts, in % of their targets',
    county: 'Targets by county',
    shareMark: 'upright line: target',
    countMark: 'upright line: due by now',
    countyMark: 'shares in percent, counts in vehicles or packs; the numbers are in the table above',
    noData: 'no data',
    courses: 'Targets by month',
    courseMark: 'solid: cumulated; dashed: what the target asks for; the numbers are in the annex',
    alt: (text) => `Values in the chart: ${text}`,
  },
  countyKey:
    'The numbers in the heading are those of the measures in table 1; shares read “new-energy / all replacements (share)”.',
  noCounties: 'No county has reported a change yet.',
  notes: {
    notNewEnergy: (count) =>
      `${plural(count, 'replacement', 'replacements')} not new-energy: the target cannot be regained within the plan`,
    needed: (count) =>
      `the next ${plural(count, 'replacement', 'replacements')} in a row must be new-energy to reach it`,
    missing: (count) => `${count} to go`,
    perMonth: (count) => `${count} a month needed from here`,
    forecast: (low, high) => `at the past year’s pace ${low} to ${high} by the end`,
    undetermined: (count) =>
      `${plural(count, 'vehicle', 'vehicles')} of unknown emission standard not counted`,
  },
  movedLead: (period, number, asOf) =>
    `Compared with the report before (${period}, ${number}, as of ${asOf}), `,
  movedKey:
    '“Happened since”: changes that happened between the two reports’ days. “Reported late”: happened before the earlier report’s day and recorded after it was made. “Corrected”: voided or corrected after it was made. “Rules changed”: the effect of another version of the rules. The parts add up to the change; shares read “new-energy / all”.',
  first: 'This is the first of its kind; there is none to compare it with.',
  dropped: (titles) => `No longer counted: ${titles}.`,
  added: 'new in this report',
  nothingMoved: 'no figure has changed.',
  movedCount: (moved, same) =>
    `${plural(moved, 'figure has', 'figures have')} changed and ${same === 0 ? 'none has' : plural(same, 'has', 'have')} not.`,
  policyChanged: 'The rules changed between the two reports.',
  complete: {
    to: (day) => `Data complete to ${day}`,
    none: 'There is no month yet for which every operator has reported',
    gap: (month, count) =>
      `from ${month} on there are gaps: ${plural(count, 'operator has', 'operators have')} not reported for it`,
    missing: (count) => `${plural(count, 'operator has', 'operators have')} not reported yet`,
    all: (month, count) =>
      count === '1'
        ? `the one operator that had to report for ${month} has`
        : `all ${count} operators that had to report for ${month} have`,
    nobody: (month) => `nobody had to report for ${month}`,
    months: 'The months of this report',
    month: 'Month',
    expected: 'Expected',
    reported: 'Reported',
    lacking: 'Missing',
    which: 'Months missing',
    list: 'Operators still missing',
  },
  exceptions: {
    none: 'There are none in this report.',
    some: (total, parts) => `${plural(total, 'change needs', 'changes need')} explaining: ${parts}.`,
    item: (label, count) => `${count} ${label}`,
    cut: (shown, total) => `${shown} of ${total} are listed; the application shows the others.`,
    late: (days) => `recorded ${plural(days, 'day', 'days')} after it happened`,
  },
  reasons: {
    'not-new-energy': 'replacement not new-energy',
    undetermined: 'emission standard to be completed',
    'breach-confirmed': 'recorded knowingly against a target',
    'recorded-late': 'recorded late',
  },
  reasonSaid: 'Said when recording',
  basis: {
    policy: (title, number, version) => `Figures by ${title} (${number}), rules version ${version}.`,
    sources: 'Where each measure is laid down, and how it is read',
    source: 'Source',
    reading: 'Reading',
    rounding:
      'Percentages are cut after one decimal, never rounded up; whether a target is reached is decided in whole numbers, not by the percentage shown.',
    frozen:
      'The figures were fixed when the report was made. What is reported late or corrected afterwards does not change it; the application lists it apart.',
    frozenAt: (period) => `Plan period: ${period}`,
  },
  signs: {
    signed: 'Approved by',
    reviewed: 'Reviewed by',
    made: 'Compiled by',
    seal: '(seal)',
    date: 'Date: ____________',
  },
  check: {
    lead: 'Scan the code, or open the address below and enter number and code, to see that these figures are genuine and unchanged.',
    number: 'Reference',
    short: 'Number',
    code: 'Code',
    digest: 'Digest (SHA-256)',
    address: 'Address',
    qr: 'QR code for verification',
  },
  page: ['Page ', ' of ', ''],
}
