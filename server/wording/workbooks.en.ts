import type { Words } from './words.ts'
import type { workbooksZh } from './workbooks.zh-CN.ts'

/** The same in English. */
export const workbooksEn: Words<typeof workbooksZh> = {
  sheet: 'List',
  fault: '[{{severity}}] {{message}}',
  faultOf: '[{{severity}}, {{column}}] {{message}}',
  noColumn:
    '[Not written] The list has no column for “{{field}}”, so “{{value}}”, entered on the page, is not in this file; add a column for it',
  noteLimit:
    'Many cells are faulty: only the first {{count}} have a note. The others are coloured; this column says what is wrong',
  missingSheet: 'Not on the list',
  missingExplained:
    'The register has these vehicles in service, but the list does not name them. Nothing is retired for that. Add those that were forgotten and send the list again; answer on the list’s page for those that were scrapped, deregistered, transferred out or handed over. The last column is for your own enquiries.',
  missingAnswer: 'Finding',
  stillInService: 'In service; forgotten',
  scrapped: 'Scrapped',
  deregistered: 'Deregistered',
  transferredOut: 'Transferred out',
  handedOver: 'Handed over',
  errorsFile: 'faults marked',
  formTitle: 'Changes: {{category}}',
  anyFormTitle: 'Changes of vehicles',
  formSheet: 'Changes',
  formFile: 'changes {{category}} (empty form)',
  anyFormFile: 'changes (empty form)',
  fleetTitle: '{{operator}}: vehicles in service on {{day}}',
  fleetSheet: 'Vehicles',
  fleetFile: '{{operator}} vehicles in service',
  number: '序号 (No.)',
  required: ' (required)',
  choose: 'Choose from the list',
  guideSheet: 'How to fill in',
  guideForm:
    'Each row of “{{sheet}}” is one change of one vehicle. Fill it in and send this file. The first two rows are examples; they are left out even if you leave them in. Columns may change places and others may be added; keep the required ones.',
  guideFleet:
    '“{{sheet}}” holds the vehicles that the register has in service. Correct what is wrong; add new vehicles below; delete rows of vehicles that are no longer in service: you will be asked about each, nothing is retired by itself. An empty cell changes nothing; write 清空 into a cell to clear what the register says.',
  guideColumn: 'Column',
  guideNeed: 'Required',
  guideHow: 'What it wants',
  guideValues: 'Values',
  guideExample: 'Example',
  always: 'Yes',
  sometimes: 'By kind of change',
  optional: 'No',
  guide: {
    plate:
      'Plate number as on the vehicle licence; of a vehicle that took over a plate, the plate it has now',
    vin: 'Vehicle identification number: 17 characters without I, O, Q, as on the vehicle licence',
    category: 'Choose from the list',
    energy: 'Choose from the list. A hybrid that can be charged from outside is PHEV, another HEV',
    emission: 'Choose from the list; none for battery-electric and fuel-cell vehicles',
    registeredOn: 'Date of registration as on the vehicle licence, written 2024-05-11',
    operator: 'Full name, as registered in the system',
    county: 'Choose from the list',
    kind: 'Choose from the list. stock: in service before the period; added: new, with no old vehicle for it; replaced: new for an old one; retired: left service; battery-swap; transferred: another operator or county',
    on: 'The day on which it happened, written 2024-05-11; not needed for stock',
    replaces: 'For “replaced” only: plate or VIN of the old vehicle; several with commas between',
    reason: 'For “retired” only; choose from the list',
    certificate: 'Number of the scrap or deregistration certificate, if there is one',
    packs: 'For “battery-swap” only: number of packs, a whole number above 0',
    toOperator: 'For “transferred” only: full name of the new operator',
    toCounty: 'For “transferred” only: the new county, from the list',
    note: 'Anything else that should be known',
  },
}
