/** What can be wrong with a row or a change, and how grave it is. */

export const ERROR_CODES = [
  'required.missing',
  'plate.invalid',
  'vin.invalid',
  'vessel.name-invalid',
  'vessel.number-invalid',
  'category.unknown',
  'energy.unknown',
  'energy.ambiguous',
  'emission.unknown',
  'date.invalid',
  'date.ambiguous',
  'date.future',
  'date.before-registration',
  'date.before-entry',
  'county.unknown',
  'operator.unknown',
  'kind.unknown',
  'kind.unclassed',
  'reason.unknown',
  'packs.invalid',
  'battery.not-new-energy',
  'battery.not-swap',
  'battery.code-invalid',
  'battery.duplicate',
  'battery.too-many',
  'battery.elsewhere',
  'battery.not-here',
  'vehicle.not-found',
  'vehicle.already-registered',
  'vehicle.already-retired',
  'vehicle.conflict',
  'vehicle.returned',
  'vehicle.elsewhere',
  'vehicle.outside',
  'clear.not-allowed',
  'change.conflict',
  'replaced.not-found',
  'replaced.already-retired',
  'transfer.unchanged',
  'duplicate.in-file',
] as const

export const WARNING_CODES = [
  'plate.energy-mismatch',
  'vin.check-digit',
  'operator.new',
  'vehicle.returns',
  'emission.missing',
  'register.differs',
  'register.corrected',
  'stock.in-period',
] as const

export type IssueCode = (typeof ERROR_CODES)[number] | (typeof WARNING_CODES)[number]
export type Severity = 'error' | 'warning'

/** The fields of a row or change that an issue can point at. */
export const FIELDS = [
  'plate',
  'vin',
  'category',
  'energy',
  'emission',
  'registeredOn',
  'operator',
  'county',
  'kind',
  'on',
  'replaces',
  'reason',
  'certificate',
  'packs',
  'toOperator',
  'toCounty',
  'note',
] as const
export type Field = (typeof FIELDS)[number]

/** What an issue can point at: a field of lists and forms, or the packs of a battery swap, which only forms have. */
export type IssueField = Field | 'batteries'

/** One finding: its code, the field it is about, and the words or values that belong in its message. */
export interface Issue {
  code: IssueCode
  severity: Severity
  field: IssueField | null
  params: Record<string, string>
}

const warnings: ReadonlySet<string> = new Set(WARNING_CODES)

/** An issue with the severity that its code has. */
export const issue = (
  code: IssueCode,
  field: IssueField | null,
  params: Record<string, string> = {},
): Issue => ({
  code,
  severity: warnings.has(code) ? 'warning' : 'error',
  field,
  params,
})

/** True if any of the issues forbids the row. */
export const hasError = (issues: readonly Issue[]): boolean => issues.some((i) => i.severity === 'error')
