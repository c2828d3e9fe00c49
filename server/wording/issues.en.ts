import type { issuesZh } from './issues.zh-CN.ts'
import type { Words } from './words.ts'

/** What each issue code says, in English. */
export const issuesEn: Words<typeof issuesZh> = {
  'required.missing': 'A required cell is empty: fill it in',
  'required.missing_field': '“{{field}}” is empty: fill it in',
  'plate.invalid':
    '“{{value}}” is not a valid plate: check it against the vehicle licence (no I or O in the serial; new-energy plates have 8 characters)',
  'plate.energy-mismatch': 'The type of plate “{{value}}” does not fit the energy “{{energy}}”: check both',
  'plate.energy-mismatch_colour':
    'The colour or kind “{{colour}}” of plate “{{value}}” does not fit its form or the energy: check the vehicle licence',
  'vin.invalid':
    '“{{value}}” is not a valid VIN: 17 characters without I, O and Q are needed (this has {{length}})',
  'vessel.name-invalid':
    '“{{value}}” cannot be a vessel’s name: 2 to 20 characters, two of them Chinese at least; compare its certificate of nationality',
  'vessel.number-invalid':
    '“{{value}}” is no vessel’s number: CN and 11 digits or, where it has none, the 12 digits of its registration; only vessels have these',
  'vin.check-digit':
    'The check digit of VIN “{{value}}” is wrong; a character may have been miscopied: check the vehicle licence',
  'category.unknown':
    'Unknown category “{{value}}”: use 城市公交 (bus), 巡游出租车 (cruising taxi), 网约车 (ride-hailing), 营运货车 (truck), 环卫车 (sanitation) or 内河船舶 (vessel)',
  'energy.unknown':
    'Unknown energy “{{value}}”: use 纯电动, 插电式混合动力, 燃料电池, 非插电混合动力, 柴油, 汽油, 天然气 or 其他',
  'energy.ambiguous':
    '“{{value}}” does not say whether it plugs in: use 插电式混合动力 (plug-in) or 非插电混合动力 (without plug)',
  'emission.unknown': 'Unknown emission standard “{{value}}”: use 国零 to 国六 (China 0 to 6)',
  'emission.missing': 'A diesel truck without an emission standard cannot be told old or not: fill it in',
  'date.invalid': '“{{value}}” is not a date that exists: write it as 2024-05-11',
  'date.ambiguous': '“{{value}}” can be read as several dates: write it as 2024-05-11',
  'date.future': '“{{value}}” lies in the future: give the date on which it happened',
  'date.before-registration':
    'The change ({{value}}) is dated before the registration ({{registered}}): check both dates',
  'date.before-entry':
    'The change ({{value}}) is dated before the vehicle came in ({{entered}}): check the date',
  'county.unknown': 'Unknown county “{{value}}”: give its name, short name or code',
  'operator.unknown': 'Operator “{{value}}” is not registered: check the name, or have it registered first',
  'operator.new':
    'Operator “{{value}}” is not registered yet; approving registers it. If it is another spelling, correct it first',
  'kind.unknown': 'Unknown kind of change “{{value}}”: use 存量, 新增, 更新, 淘汰, 更换动力电池 or 过户',
  'kind.unclassed':
    'The register does not have this vehicle. Class it: stock, added, or replaced (and say which vehicle it replaces)',
  'kind.unclassed_registered':
    'The register does not have this vehicle (registered on {{registered}}, within the period). Class it: added, or replaced (and say which vehicle it replaces)',
  'reason.unknown':
    'Unknown reason “{{value}}”: use 报废 (scrapped), 注销 (deregistered) or 转出 (transferred out)',
  'packs.invalid': '“{{value}}” is not a number of packs: give a whole number above 0',
  'battery.not-new-energy':
    'The vehicle is registered as {{value}}, which has no traction battery to swap: check the vehicle or the kind of change',
  'battery.not-swap': 'Only a battery swap has battery codes: remove them, or choose another kind of change',
  'battery.code-invalid':
    '“{{value}}” is not a battery code: 24 digits and letters without I and O. Compare the label (GB/T 34014)',
  'battery.duplicate':
    'Battery “{{value}}” is named twice, or was in this vehicle already at that time: check the codes',
  'battery.too-many': '{{count}} installed codes for {{packs}} packs: check both',
  'battery.elsewhere':
    'Battery “{{value}}” is in another vehicle ({{plate}}, VIN {{vin}}): check code and date; if it was taken out there, record that swap first',
  'battery.not-here':
    'The ledger says that battery “{{value}}” was not in this vehicle that day: check code and date',
  'vehicle.outside':
    '“{{value}}” belongs to a vehicle outside your scope: check it, or ask an officer of the bureau',
  'vehicle.returns':
    'This vehicle ({{value}}) left on {{on}} ({{reason}}) and is recorded as coming back into service: check VIN and date',
  'vehicle.not-found':
    '“{{value}}” is not on the ledger: check it; if it was never reported, send it as stock or added first',
  'vehicle.already-registered':
    'VIN “{{value}}” is on the ledger already: check whether it was reported twice',
  'vehicle.already-retired':
    'The vehicle left service on {{on}}; nothing can happen to it after that: check date and vehicle',
  'vehicle.conflict': 'This contradicts what the ledger says of the vehicle: check it',
  'vehicle.conflict_register':
    'The list says “{{value}}”, the ledger “{{register}}”: check the papers; if the ledger is wrong, void its entry first',
  'vehicle.conflict_plate':
    'Plate “{{value}}” was on another vehicle then (VIN {{vin}}): check plate and date',
  'vehicle.conflict_date': 'This contradicts the vehicle’s change of {{on}}: check date and vehicle',
  'vehicle.returned':
    'This vehicle ({{value}}) left service on {{on}}; being on a list does not bring it back. Check the VIN; if the exit was recorded by mistake, void that entry first',
  'vehicle.elsewhere':
    'This vehicle ({{value}}) is in service with another operator and is not moved by a list. If it was handed on, class the row as transferred or report the transfer',
  'clear.not-allowed': '“{{field}}” must not be empty; write the new content instead',
  'change.conflict':
    'The same change is on the ledger, but here it says “{{value}}”; if the ledger is wrong, void its entry and send this again',
  'replaced.not-found':
    'The replaced vehicle “{{value}}” is not on the ledger: check its plate; if it was never reported, send it as stock first',
  'replaced.already-retired':
    'The replaced vehicle “{{value}}” left service on {{on}} and cannot be replaced again: check its plate',
  'transfer.unchanged': 'The new operator and county are the same as before: fill in to whom it goes',
  'duplicate.in-file': 'Row {{row}} of this list says the same: delete one of them',
  'register.corrected':
    'The register says “{{register}}”; recording corrects it to “{{value}}”, in the earlier changes of the vehicle too. Check it against the documents',
  'register.differs':
    'The list says “{{value}}”, the ledger “{{register}}”; the ledger stands. If the ledger is wrong, correct it separately',
  'register.differs_operator':
    'Operator “{{value}}” differs from the ledger; the ledger stands. If the vehicle changed hands, report a transfer',
  'stock.in-period':
    'Reported as stock, but {{value}} lies within the plan’s period; if it is an addition or a replacement, change the kind',
}
