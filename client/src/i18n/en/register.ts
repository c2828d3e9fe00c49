import type { Words } from '../../../../server/wording/index.ts'
import type { registerZh } from '../zh/register.ts'

export const registerEn: Words<typeof registerZh> = {
  picker: {
    placeholder: 'A few characters of a plate or VIN',
    hint: 'Type two or more characters of a plate or VIN',
    none: 'No such vehicle on the ledger',
    asTyped: 'Use “{{text}}” as typed',
    searching: 'Looking for “{{text}}”…',
    unknown: 'not on the ledger',
    noOperator: 'no operator',
    remove: 'Remove {{name}}',
  },
}
