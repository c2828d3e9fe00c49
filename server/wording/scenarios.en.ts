import type { scenariosZh } from './scenarios.zh-CN.ts'
import type { Words } from './words.ts'

export const scenariosEn: Words<typeof scenariosZh> = {
  wholeCity: 'The whole city',
  companies: '{{names}} and others, {{n}} operators',
  and: ', ',
  replaced: '{{where}}: {{category}}, {{amount}} replaced, {{newEnergy}}% new-energy',
  retired: '{{where}}: {{category}}, {{amount}} retired',
  added: '{{where}}: {{category}}, {{amount}} added, {{newEnergy}}% new-energy',
  'battery-swap': '{{where}}: {{category}}, {{amount}} swapped',
  oldPart: '{{oldDiesel}}% of those that go are old diesel ones',
  amountPeriod: '{{n}} {{unit}}',
  amountMonth: '{{n}} {{unit}} a month, {{total}} in all',
  vehicles: 'vehicles',
  packs: 'packs',
  othersNothing: 'Beside these steps nothing else is counted',
  othersPace: 'Beside these steps all else goes on at the pace of the last 365 days',
  noSteps: 'No further steps',
  comma: '; ',
  warning: {
    'more-than-fleet': 'More than are in service: there are {{n}}',
    'more-than-old': 'More old diesel ones than are in service: there are {{n}}',
  },
  reachedOn: 'At an even pace expected to be met on {{on}}',
  shortCount: '{{n}} {{unit}} short',
  shortShare: '{{n}} more new-energy replacements in a row needed',
  shortNever: 'Cannot be regained',
}
