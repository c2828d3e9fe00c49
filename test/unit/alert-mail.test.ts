import { ObjectId } from 'mongodb'
import { expect, it } from 'vitest'
import { renderAlertMail } from '../../jobs/mail/alert-mail.ts'
import type { AlertDoc } from '../../server/alerts/model.ts'
import { directionOf } from '../../server/domain/alert.ts'
import type { AssessmentStatus } from '../../server/domain/assessment.ts'

const alert = (before: AssessmentStatus, after: AssessmentStatus): AlertDoc => {
  const figure = (status: AssessmentStatus) => ({ value: 80, numerator: 80, denominator: null, status })
  const at = new Date('2026-11-30T01:00:00Z')
  return {
    ...{ _id: new ObjectId(), key: '1|city|retired', rule: 'retired', county: null, kind: 'status', at },
    ...{ direction: directionOf(before, after), title: { zh: '淘汰数', en: 'Retired' }, unit: 'vehicles' },
    ...{ target: 100, before: figure(before), after: figure(after), because: ['changes'], needed: 20 },
    ...{ changes: { total: 0, items: [] }, asOf: '2026-11-30', knownAt: at, mail: 'due', mailedAt: null },
    policy: { id: 'p', version: 1 },
  }
}
const subject = (...course: AlertDoc[]) =>
  renderAlertMail(course, { language: 'zh-CN', timeZone: 'Asia/Shanghai', unsubscribe: false }).subject

it.each([
  ['breached', 'on-track', '淘汰数恢复为“达到要求”'],
  ['behind', 'on-track', '淘汰数恢复为“达到要求”'],
  ['on-track', 'met', '淘汰数由“达到要求”变为“'],
  ['behind', 'met', '淘汰数由“进度落后”变为“'],
  ['breached', 'behind', '淘汰数由“已不达标”变为“'],
] as const)('from %s to %s is told as what it is', (before, after, said) => {
  expect(subject(alert(before, after))).toContain(said)
})

it('a course that ends where it was before is one that is back', () => {
  expect(subject(alert('on-track', 'breached'), alert('breached', 'on-track'))).toBe('淘汰数恢复为“达到要求”')
})

it('what is gravest comes first, whenever it came about', () => {
  const of = (rule: string, after: AssessmentStatus) => ({
    ...alert('on-track', after),
    ...{ rule, title: { zh: rule, en: rule } },
  })
  const courses = [of('甲', 'at-risk'), of('乙', 'behind'), of('丙', 'breached')]
  expect(subject(...courses)).toContain('丙')
  expect(subject(...courses.slice(0, 2))).toContain('乙')
})
