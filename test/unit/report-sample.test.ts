import { expect, test } from 'vitest'
import { reportContent } from '../../server/reports/schema.ts'
import { sampleReport } from '../harness/reports.ts'

test('the sample report is one', () => {
  expect(() => reportContent.parse(sampleReport())).not.toThrow()
  expect(sampleReport().counties.length).toBeGreaterThan(5)
})
