import type { ReportView } from '../../server/reports/schema.ts'
import { person, plateOf, vehicleOf, vinOf } from './client.ts'
import type { TestService } from './service.ts'

/** Two weeks of a small city with a report on each, and who looks at them. */
export interface ReportCity {
  earlier: ReportView
  report: ReportView
  /** records what changes the later report's figures afterwards: a taxi that comes late, and one that is voided */
  changeSince(): Promise<void>
}

/** The name of an operator as nobody should have it: it must stand everywhere as text. */
export const NASTY = '=甲<b>公司&"\'</b>'

const taxi = (n: number, energy: string) =>
  vehicleOf(n, {
    ...{ category: 'cruising-taxi', operator: NASTY, county: '350702', energy },
    ...(energy === 'BEV' ? {} : { emission: '6' }),
  })

/**
 * Records them: taxis of one county, a bus and a truck of another; in the second week one taxi more is replaced.
 * The service's clock stands on Monday, 2026-11-23.
 */
export async function recordReportCity(service: TestService): Promise<ReportCity> {
  const { admin } = service
  for (const [name, county] of [
    [NASTY, '350702'],
    ['乙公司', '350703'],
  ])
    await admin.post('/operators', { name, county })
  const replace = (n: number, energy: string, on: string) =>
    admin.mustChange({
      ...{ kind: 'replaced', on, vehicle: taxi(n, energy), replaces: [plateOf(n - 100)] },
      ...(energy === 'BEV' ? {} : { breachReason: '新能源车尚未交付' }),
    })
  for (const n of [1, 2, 3, 4, 5, 6]) await admin.mustChange({ kind: 'stock', vehicle: taxi(n, 'gasoline') })
  const second = await replace(101, 'BEV', '2025-03-01').then(() => replace(102, 'BEV', '2025-03-02'))
  await replace(103, 'HEV', '2026-11-10')
  const other = { operator: '乙公司', county: '350703' }
  await admin.mustChange({
    kind: 'stock',
    vehicle: vehicleOf(31, { ...other, category: 'bus', emission: '3' }),
  })
  await admin.mustChange({
    ...{
      kind: 'replaced',
      on: '2026-11-13',
      replaces: [plateOf(31)],
      breachReason: '=山区线路<i>暂无</i>充电条件',
    },
    vehicle: vehicleOf(131, { ...other, category: 'bus', emission: '6' }),
  })
  await admin.mustChange({ kind: 'stock', vehicle: vehicleOf(21, { ...other, emission: undefined }) })
  await admin.mustChange({
    ...{ kind: 'retired', on: '2026-11-12', reason: 'scrapped', vehicle: { vin: vinOf(21) } },
  })
  const order = async (period: string): Promise<ReportView> => {
    const { status, body } = await admin.post<ReportView>('/reports', { kind: 'weekly', period })
    if (status !== 201) throw new Error(`the report answered ${status} ${JSON.stringify(body)}`)
    return body
  }
  const earlier = await order('2026-W46')
  await replace(104, 'BEV', '2026-11-17')
  const report = await order('2026-W47')
  return {
    ...{ earlier, report },
    async changeSince() {
      await replace(105, 'BEV', '2026-11-18')
      const voided = await admin.post(`/changes/${second.id}/void`, { reason: '录入有误' })
      if (voided.status !== 200) throw new Error(`voiding answered ${JSON.stringify(voided.body)}`)
    },
  }
}

/** Somebody of one county, signed in. */
export const countyOfficer = (service: TestService, county = '350702') =>
  person(service, { role: 'county-officer', county })
