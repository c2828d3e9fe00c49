import { describe, expect, it } from 'vitest'
import {
  asksOld,
  draftOf,
  inputsOf,
  newStep,
  reachOf,
  roundUp,
  samePlan,
  startDraft,
} from '../../client/src/pages/scenarios/draft.ts'
import type { RuleProjection } from '../../server/scenarios/schema.ts'
import { linhai2025, nanping2024 } from '../harness/policies.ts'

/** What the what-if page begins with, from the policy alone. */
describe('a new draft', () => {
  it('has a step for each target of the policy, at zero', () => {
    const shape = (rules: typeof nanping2024.rules) =>
      startDraft(rules).steps.map((s) => [s.kind, s.category, s.per, s.amount, s.newEnergy, s.oldDiesel])
    expect(shape(nanping2024.rules)).toEqual([
      ['replaced', 'bus', 'period', 0, 100, 0],
      ['replaced', 'cruising-taxi', 'period', 0, 100, 0],
      ['retired', 'truck', 'month', 0, 100, 100],
      ['added', 'truck', 'month', 0, 100, 0],
      ['battery-swap', 'bus', 'month', 0, 100, 0],
    ])
    // Another city's policy counts taxis and ride-hailing apart, and has targets for sanitation and vessels.
    expect(shape(linhai2025.rules).map(([kind, category]) => `${kind} ${category}`)).toEqual([
      ...['replaced bus', 'replaced cruising-taxi', 'replaced ride-hailing', 'replaced sanitation'],
      ...['retired truck', 'added truck', 'battery-swap bus', 'added vessel'],
    ])
  })

  it('asks how old vehicles are only where a rule does', () => {
    const { rules } = nanping2024
    expect(asksOld(rules, 'retired', 'truck')).toBe(true)
    expect(asksOld(rules, 'replaced', 'truck')).toBe(true)
    expect(asksOld(rules, 'added', 'truck')).toBe(false)
    expect(asksOld(rules, 'replaced', 'bus')).toBe(false)
    expect(asksOld(rules, 'retired', 'vessel')).toBe(false)
  })

  it('is the same plan after being kept and opened again', () => {
    const draft = startDraft(nanping2024.rules)
    const again = draftOf(inputsOf(draft))
    expect(samePlan(draft, again)).toBe(true)
    expect(new Set([...draft.steps, ...again.steps].map((s) => s.key)).size).toBe(10)
    expect(samePlan(draft, { ...draft, others: 'pace' })).toBe(false)
    for (const step of inputsOf(draft).steps) expect(step).not.toHaveProperty('key')
  })
})

describe('how far a slider goes', () => {
  it.each([
    [0.2, 1],
    [1, 1],
    [3, 5],
    [20, 20],
    [21, 50],
    [51, 100],
    [1999, 2000],
    [2001, 5000],
  ])('%d is rounded up to %d', (value, round) => expect(roundUp(value)).toBe(round))

  it('is twice what the target lacks, by the month where it is a month’s, and never less than 20', () => {
    const { rules } = nanping2024
    const lacks = (id: string, target: number, numerator: number, denominator: number | null) =>
      ({ id, target, now: { value: null, numerator, denominator, status: 'behind' } }) as RuleProjection
    const standing = [
      lacks('old-diesel-trucks-retired', 400, 270, null),
      lacks('freight-vehicles-added', 2000, 2100, null),
      lacks('taxi-renewal', 70, 63, 91),
    ]
    const reach = (step: ReturnType<typeof newStep>) => reachOf(step, rules, standing, 13)
    // 130 in 13 months are 10 each
    expect(reach(newStep('retired', 'truck', rules))).toBe(20)
    expect(reach({ ...newStep('retired', 'truck', rules), per: 'period' })).toBe(500)
    expect(reach(newStep('added', 'truck', rules))).toBe(20)
    expect(reach(newStep('replaced', 'cruising-taxi', rules))).toBe(200)
    expect(reach({ ...newStep('added', 'truck', rules), amount: 777 })).toBe(1000)
  })
})
