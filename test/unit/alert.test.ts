import { describe, expect, it } from 'vitest'
import { directionOf, followCourse, isNews, type Move, WriteMoves } from '../../server/domain/alert.ts'
import type { Rule } from '../../server/domain/policy.ts'
import { nanping2024 } from '../harness/policies.ts'

const ruleOf = (id: string): Rule => {
  const rule = nanping2024.rules.find((r) => r.id === id)
  if (!rule) throw new Error(id)
  return rule
}
const DAY = '2026-11-23'
const write = (moves: Move[]): WriteMoves => {
  const made = new WriteMoves(DAY)
  for (const move of moves) made.add(move)
  return made
}
const follow = (id: string, groups: Move[][], after: [number, number], whole = true) =>
  followCourse({ policy: nanping2024, rule: ruleOf(id), day: DAY, whole }, groups.map(write), {
    numerator: after[0],
    denominator: after[1],
  })
const move = (id: string, numerator: number, denominator = 1, on = '2026-10-01'): Move => ({
  ...{ id, on, numerator, denominator },
})

describe('what is news', () => {
  it.each([
    ['no-data', 'on-track', false],
    ['reported', 'on-track', false],
    ['on-track', 'breached', true],
    ['breached', 'on-track', true],
    ['no-data', 'behind', true],
    ['behind', 'at-risk', true],
    ['on-track', 'met', true],
    ['behind', 'behind', false],
  ] as const)('%s → %s: %s', (before, after, news) => {
    expect(isNews(before, after)).toBe(news)
  })

  it('goes one way or the other', () => {
    expect(directionOf('on-track', 'breached')).toBe('worse')
    expect(directionOf('breached', 'on-track')).toBe('better')
    expect(directionOf('behind', 'at-risk')).toBe('better')
    expect(directionOf('no-data', 'reported')).toBe('same')
  })
})

describe('the course of a share', () => {
  it('names what broke it, not what came with it', () => {
    const course = follow('bus-renewal', [[move('good', 1)], [move('bad', 0), move('fine', 1)]], [12, 13])
    expect(course).toEqual({
      base: 'on-track',
      breaking: { ids: ['bad'], total: 1 },
      worsening: { ids: ['bad'], total: 1 },
      improving: { ids: [], total: 0 },
    })
  })

  it('that cannot be regained is broken by each write that moves it further away', () => {
    const course = follow('bus-renewal', [[move('a', 0)], [move('b', 1)], [move('c', 0)]], [11, 14])
    expect([course.base, course.breaking.ids]).toEqual(['breached', ['a', 'c']])
  })

  it('counts what was written together together: a correction that changes nothing breaks nothing', () => {
    const both = [move('old', 0, -1), move('new', 0, 1)]
    expect(follow('bus-renewal', [both], [9, 10]).breaking.total).toBe(0)
  })

  it('is not broken by what was recorded and withdrawn again between two looks', () => {
    const undone = (denominator: 1 | -1): Move => ({ ...move('x', 0, denominator), undone: true })
    const course = follow('bus-renewal', [[undone(1), move('y', 0)], [undone(-1)]], [5, 6])
    expect([course.base, course.breaking.ids]).toEqual(['on-track', ['y']])
  })

  it('is judged against its target, exactly', () => {
    // 7 of 10 taxis is 70 %: one more of another kind breaks it, one electric one helps.
    const course = follow('taxi-renewal', [[move('hev', 0)], [move('bev', 1)]], [8, 12])
    expect([course.base, course.breaking.ids, course.improving.ids]).toEqual(['on-track', ['hev'], ['bev']])
  })

  it('names twenty and counts the rest', () => {
    const many = Array.from({ length: 50 }, (_, i) => move(`m${i}`, 0))
    const { breaking } = follow('bus-renewal', [many], [0, 50])
    expect([breaking.ids.length, breaking.total, breaking.ids[0]]).toEqual([20, 50, 'm0'])
  })

  it('names the first in the order in which they were written, whatever each of them moved', () => {
    const many = Array.from({ length: 30 }, (_, i) => [move(`one${i}`, 0, 1), move(`two${i}`, 0, 2)]).flat()
    const { worsening, breaking } = follow('bus-renewal', [many.slice(0, 11), many.slice(11)], [0, 90])
    const names = many.slice(0, 20).map(({ id }) => id)
    expect(worsening).toEqual({ ids: names, total: 60 })
    expect(breaking).toEqual({ ids: names.slice(0, 11), total: 11 })
  })
})

describe('the course of a share that only has to rise', () => {
  const rising = nanping2024.rules.find((r) => r.kind === 'rising-share')?.id ?? ''
  const base = (groups: Move[][], after: [number, number], yearBefore: [number, number]) =>
    followCourse({ policy: nanping2024, rule: ruleOf(rising), day: DAY, whole: true }, groups.map(write), {
      ...{ numerator: after[0], denominator: after[1] },
      yearBefore: { numerator: yearBefore[0], denominator: yearBefore[1] },
    }).base

  it('begins from how it stood against the year before', () => {
    expect(base([[move('new', 1)]], [6, 11], [4, 10])).toBe('on-track')
    expect(base([[move('new', 1)]], [4, 11], [4, 10])).toBe('behind')
  })

  it('leaves out of the year before, too, what was recorded only now', () => {
    expect(base([[move('old', 1, 1, '2025-11-23')]], [6, 11], [5, 10])).toBe('on-track')
    expect(base([[move('new', 1, 1, '2025-11-24')]], [6, 11], [5, 11])).toBe('on-track')
  })
})

describe('the course of a count', () => {
  it('is broken when what was withdrawn takes it below its line', () => {
    const { breaking, base } = follow('freight-vehicles-added', [[move('gone', -1, 0)]], [1999, 0])
    expect([base, breaking.total]).toEqual(['met', 0])
    const lost = follow('freight-vehicles-added', [[move('gone', -1500, 0)]], [500, 0])
    expect([lost.base, lost.breaking.ids]).toEqual(['met', ['gone']])
  })

  it('has no target in a county', () => {
    const { base, breaking } = follow('freight-vehicles-added', [[move('gone', -9, 0)]], [1, 0], false)
    expect([base, breaking.total]).toEqual(['reported', 0])
  })
})
