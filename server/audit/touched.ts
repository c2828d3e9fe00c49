import type { Account } from '../accounts/schema.ts'
import type { ChangeView } from '../changes/schema.ts'
import type { DisputeView } from '../disputes/schema.ts'
import type { ImportView } from '../imports/schema.ts'
import type { Operator } from '../operators/schema.ts'
import type { AuditTargetKind } from './actions.ts'
import type { Touched } from './trail.ts'

/** What handlers tell the audit log of the things that they touched: as a reader looks for them. */

const of = (kind: AuditTargetKind, id: string, label: string | null): Required<Pick<Touched, 'target'>> => ({
  target: { kind, id, label },
})

/** An account that was made or changed. */
export const accountTouched = (account: Account, before?: Account): Touched => ({
  ...of('account', account.id, `${account.name} ${account.email}`),
  ...(before === undefined ? { before: null } : { before: rightsOf(before) }),
  after: rightsOf(account),
})

/** An account to which something was done that is not seen in it. */
export const accountNamed = ({ id, name, email }: Pick<Account, 'id' | 'name' | 'email'>): Touched =>
  of('account', id, `${name} ${email}`)

type Rights = Omit<Account, 'id' | 'countyName' | 'operatorName' | 'createdAt' | 'lastSignInAt'>

function rightsOf(account: Account): Rights {
  const { id: _i, countyName: _c, operatorName, createdAt: _a, lastSignInAt: _l, ...rest } = account
  return { ...rest, operator: operatorName }
}

/** An operator that was registered or changed. */
export const operatorTouched = (operator: Operator, before?: Operator): Touched => {
  const { id, ...after } = operator
  return { ...of('operator', id, operator.name), before: before ?? null, after }
}

/** A ledger entry that was recorded. */
export const changeRecorded = (entry: ChangeView): Touched => ({
  ...changeNamed(entry),
  before: null,
  after: factsOf(entry),
})

/** A ledger entry that was withdrawn. */
export const changeVoided = (entry: ChangeView, reason: string): Touched => ({
  ...changeNamed(entry),
  before: { voided: false },
  after: { voided: true },
  detail: { kind: entry.kind, on: entry.on, reason },
})

/** A ledger entry that says another one anew. */
export const changeCorrected = (entry: ChangeView, former: ChangeView, reason: string): Touched => ({
  ...changeNamed(entry),
  before: factsOf(former),
  after: factsOf(entry),
  detail: { corrects: former.id, reason },
})

const changeNamed = ({ id, vehicle }: ChangeView): Touched =>
  of('change', id, `${vehicle.plate} ${vehicle.vin}`)

/** What an entry says, without what every entry has. */
function factsOf(entry: ChangeView): Record<string, unknown> {
  const { kind, on, vehicle, operatorName, retires, reason, certificate, packs, note } = entry
  const said = {
    ...{ kind, on, vehicle: { ...vehicle, operator: operatorName } },
    ...{ retires: retires.map((old) => old.plate), reason, certificate, packs, note },
    ...{ batteries: entry.batteries, breachReason: entry.breachReason },
    attachments: entry.attachments.map((file) => file.filename),
  }
  return Object.fromEntries(
    Object.entries(said).filter(
      ([, value]) => value != null && !(Array.isArray(value) && value.length === 0),
    ),
  )
}

/** A list to which something was done, with its state afterwards. */
export const importTouched = (list: ImportView, detail: Record<string, unknown> = {}): Touched => ({
  ...of('import', list.id, list.filename),
  detail: { operator: list.operator?.name ?? null, status: list.status, ...detail },
})

/** A dispute that was opened or decided. */
export const disputeTouched = (dispute: DisputeView, detail: Record<string, unknown> = {}): Touched => ({
  ...of('dispute', dispute.id, dispute.filename),
  detail,
})
