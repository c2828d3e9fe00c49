import type { Account } from '../../../../server/accounts/schema.ts'
import type { Tone } from '../../components/Tag.tsx'

/** Where an account stands. */
export const STATES = ['active', 'invited', 'closed'] as const
export type State = (typeof STATES)[number]

export const stateOf = ({ active, invited }: Pick<Account, 'active' | 'invited'>): State =>
  active ? (invited ? 'invited' : 'active') : 'closed'

export const STATE_TONE: Record<State, Tone> = { active: 'good', invited: 'warn', closed: 'plain' }
