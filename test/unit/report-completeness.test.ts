import { describe, expect, it } from 'vitest'
import { bareOperator, type OperatorDoc } from '../../server/operators/model.ts'
import { Reported } from '../../server/quality/reported.ts'
import { completenessOf, type Reporting } from '../../server/reports/completeness.ts'

/** What operators reported, as `A: 2026-01 2026-02`, each from its first month on. */
function reporting(
  months: string[],
  told: Record<string, string>,
  places: Record<string, string> = {},
  madeOn = '2026-12-31',
) {
  const reported = new Reported()
  const operators = Object.entries(told).map(([name, list]): OperatorDoc => {
    const doc = { ...bareOperator(name), _id: name, county: places[name] ?? '350702' }
    for (const month of list.split(' ').filter(Boolean)) {
      reported.came(name, month)
      reported.add('list', name, month)
    }
    return doc
  })
  const rest = { planFrom: '2025-10-01', knownAt: new Date(0), reportingDays: 30, dueDay: 5, madeOn }
  return { ...rest, months, operators, reported } satisfies Reporting
}

describe('how complete a report’s data are', () => {
  it('everybody has reported', () => {
    const found = completenessOf(reporting(['2026-02'], { A: '2026-01 2026-02', B: '2026-02' }))
    expect(found).toEqual({
      ...{ completeTo: '2026-02-28', firstGap: null, month: '2026-02', expected: 2, reported: 2 },
      months: [{ month: '2026-02', expected: 2, reported: 2, missing: 0 }],
      missing: [],
      operators: ['A', 'B'].map((id) => ({ id, name: id, reported: ['2026-02'], pending: [] })),
    })
  })

  it('a gap long ago ends what is complete, though the report’s own month is', () => {
    const told = { A: '2025-11 2025-12 2026-01 2026-02', B: '2025-12 2026-02' }
    expect(completenessOf(reporting(['2026-02'], told))).toMatchObject({
      ...{ completeTo: '2025-12-31', firstGap: { month: '2026-01', missing: 1 } },
      ...{ expected: 2, reported: 2, missing: [] },
    })
  })

  it('one of whom nothing ever came is missing in the report’s months, and makes no earlier one incomplete', () => {
    const found = completenessOf(
      reporting(['2026-01', '2026-02'], { A: '2025-12 2026-01 2026-02', never: '' }),
    )
    expect(found).toMatchObject({
      ...{ completeTo: '2025-12-31', firstGap: { month: '2026-01', missing: 1 }, expected: 2, reported: 1 },
      missing: [{ id: 'never', months: ['2026-01', '2026-02'] }],
    })
  })

  it('a quarter names for which of its months each operator is missing', () => {
    const quarter = ['2026-01', '2026-02', '2026-03']
    const told = { A: '2026-01 2026-03', B: '2026-02', C: '2026-01 2026-02 2026-03' }
    const found = completenessOf(reporting(quarter, told))
    // B had to report from February on: then its first things came.
    expect(found.months.map(({ expected, missing }) => [expected, missing])).toEqual([
      [2, 0],
      [3, 1],
      [3, 1],
    ])
    expect(found.missing.map(({ id, months }) => [id, months])).toEqual([
      ['A', ['2026-02']],
      ['B', ['2026-03']],
    ])
    expect([found.completeTo, found.month, found.reported]).toEqual(['2026-01-31', '2026-03', 2])
  })

  it('a county’s is that of its own operators, and where there are none nothing is said', () => {
    const all = reporting(['2026-02'], { A: '2026-02', B: '2026-01' }, { B: '350703' })
    expect(completenessOf(all, '350702')).toMatchObject({ completeTo: '2026-02-28', missing: [] })
    expect(completenessOf(all, '350703')).toMatchObject({
      ...{ completeTo: '2026-01-31', expected: 1, reported: 0 },
    })
    expect(completenessOf(all, '350721')).toMatchObject({ completeTo: null, firstGap: null, expected: 0 })
  })

  it('until the lists of a month are due nobody is missing, and the month is not complete either', () => {
    const told = { A: '2026-01 2026-02', B: '2026-01', C: '2025-12' }
    const made = (on: string) => completenessOf(reporting(['2026-01', '2026-02'], told, {}, on))
    // On the 5th itself there is time yet.
    for (const on of ['2026-03-01', '2026-03-05'])
      expect(made(on)).toEqual({
        ...{ completeTo: '2025-12-31', firstGap: { month: '2026-01', missing: 1 } },
        ...{ month: '2026-02', expected: 3, reported: 1 },
        months: [
          { month: '2026-01', expected: 3, reported: 2, missing: 1 },
          { month: '2026-02', expected: 3, reported: 1, missing: 0, pending: 2, dueOn: '2026-03-05' },
        ],
        missing: [{ id: 'C', name: 'C', county: '350702', months: ['2026-01'] }],
        operators: [
          { id: 'A', name: 'A', reported: ['2026-01', '2026-02'], pending: [] },
          { id: 'B', name: 'B', reported: ['2026-01'], pending: ['2026-02'] },
          { id: 'C', name: 'C', reported: [], pending: ['2026-02'] },
        ],
      })
    expect(made('2026-03-06').missing.map(({ id, months }) => [id, months])).toEqual([
      ['B', ['2026-02']],
      ['C', ['2026-01', '2026-02']],
    ])
  })
})
