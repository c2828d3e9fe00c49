import type { openDataZh, qualityZh } from './quality.zh-CN.ts'
import type { Words } from './words.ts'

/** The quality of reporting and the open data, as files and descriptions say it, in English. */
export const qualityEn: Words<typeof qualityZh> = {
  list: 'Data quality',
  late: 'Late changes',
  warnings: 'Entries with open warnings',
  missing: {
    registration: 'Vehicles in service without a registration date',
    emission: 'Diesel trucks without an emission standard',
  },
  months: 'Months looked at',
  monthsText: '{{from}} to {{to}}',
  days: 'Time to report',
  daysText: 'recorded within {{n}} days of the change',
  doubt: {
    'vin.check-digit': 'VIN with a wrong check digit',
    'plate.energy-mismatch': 'Plate type contradicts the energy',
  },
  column: {
    rank: 'Rank',
    rankInCounty: 'Rank in the county',
    score: 'Score',
    few: 'Few changes',
    lostLate: 'Lost for late changes',
    lostMonths: 'Lost for missing months',
    lostFacts: 'Lost for missing facts',
    lostWarnings: 'Lost for open warnings',
    changes: 'Changes',
    late: 'Late',
    excused: 'of which sent in time',
    monthsDue: 'Months due',
    monthsReported: 'Months reported',
    monthsMissing: 'Months missing',
    vehicles: 'Vehicles in service',
    withoutRegistration: 'Without registration date',
    dieselTrucks: 'Diesel trucks in service',
    withoutEmission: 'Without emission standard',
    entries: 'Entries in effect',
    open: 'Open warnings',
    daysTaken: 'Days to recording',
    daysLate: 'Days late',
    excusedLate: 'Sent in time',
    doubts: 'Warnings',
  },
}

/** What the open data hold, in English. */
export const openDataEn: Words<typeof openDataZh> = {
  title: 'Fleet ledger open data',
  description:
    'The figures of {{city}} on the renewal of vehicles, and the changes that they are made of, under {{number}}. Without plates, VINs, names of companies or people, and any free text.',
  figures: {
    title: 'Figures by month',
    description:
      'Each rule’s figure at the end of every month of the period and on the latest day, one row for the city and one for each county. Percentages are always computed from numerator and denominator, and rounded down to one decimal.',
  },
  changes: {
    title: 'Changes',
    description:
      'All changes in effect (without voided ones), one row each. A rule’s columns of numerator and denominator add up to its figure for the city.',
  },
  wholeCity: 'The whole city',
  field: {
    rule: 'Code of the rule',
    title: 'Name of the rule',
    kind: 'Kind of rule: share, count, or rising-share of the vehicles in service',
    place: 'Code of the region; the city’s own for the whole city',
    place_name: 'Name of the region',
    month: 'Month',
    as_of: 'Last day counted, included',
    value:
      'The figure: a share in percent, rounded down to one decimal, or a cumulated count. Empty where the denominator is zero',
    unit: 'Unit: percent, vehicles or packs',
    numerator: 'Numerator, or cumulated count',
    denominator: 'Denominator; empty for counts',
    undetermined: 'Vehicles not counted as their emission standard is unknown',
    target:
      'The target: for a share in percent, the same for every region; for a count the cumulated number due at the end of the period, for the whole city only, empty for other regions. Empty for rules without a target',
    known_at: 'As known at this instant',
    policy_version: 'Version of the rules',
    id: 'Tells rows apart and finds them again in a later file; not the number that the system knows the entry by',
    change: 'Kind of change: stock, added, replaced, retired, battery-swap, transferred',
    month_of_change: 'Month of the change; empty for stock, which was in service before the period',
    on: 'Day of the change; empty for added and replaced, of which only the month is told, and for stock, as it could tell the day of registration',
    category: 'Category of the vehicle',
    energy: 'Energy',
    new_energy: 'Whether it is new-energy',
    emission: 'Emission standard (0 to 6); empty for none or unknown',
    registered_year: 'Year of registration; empty where unknown',
    county: 'Code of the region',
    county_name: 'Name of the region',
    reason: 'Why it left: scrapped, deregistered, transferred-out',
    packs: 'Battery packs swapped',
    retired_vehicles: 'Vehicles that it replaced',
    retired_detail:
      'The vehicles that it replaced, each as category/energy/emission standard, with semicolons between',
    recorded_on: 'Day of recording',
    days_to_record:
      'Days from the change to its recording; of a corrected entry, to its first; empty where the day of the change is',
    numeratorOf: 'Counted in the numerator of “{{rule}}”',
    denominatorOf: 'Counted in the denominator of “{{rule}}”',
  },
}
