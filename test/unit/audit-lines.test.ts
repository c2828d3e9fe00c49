import { describe, expect, it } from 'vitest'
import { detailLines, differenceLines } from '../../server/audit/lines.ts'
import { createWording } from '../../server/wording/index.ts'

/** What an entry of the audit log says of what was asked for, whatever names that has. */
const words = { ...createWording('zh-CN'), instant: (iso: string) => iso, county: (code: string) => code }
const said = (detail: unknown) => detailLines(detail, words).map(({ field, after }) => `${field}: ${after}`)

describe('lines of an entry', () => {
  it('put codes of the sets into words', () => {
    expect(said({ category: 'bus', role: 'viewer' })).toEqual(['车辆类别: 城市公交', '角色: 查阅人'])
  })

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'])(
    'are there for a field named %s, which every object inherits',
    (name) => {
      const asked: unknown = JSON.parse(`{"input":{"${name}":"x"}}`)
      expect(said(asked)).toEqual([`${name}: x`])
      expect(differenceLines(null, asked, words)).toHaveLength(1)
    },
  )
})
