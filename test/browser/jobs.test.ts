import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JobView } from '../../jobs/schema.ts'
import type { Account } from '../../server/accounts/schema.ts'
import type { Operator } from '../../server/operators/schema.ts'
import { SIZES } from '../harness/browser.ts'
import { filled, picturesIn, scrollsSideways, signIn, type Visit, visit } from '../harness/page.ts'
import { startTestService, type TestService } from '../harness/service.ts'
import { until } from '../jobs/support/world.ts'

const PASSWORD = 'a good long password'
let service: TestService
let admin: Visit
beforeAll(async () => {
  service = await startTestService({ NOW: '2026-11-23T10:00:00+08:00' })
  await checkedOn('2026-11-23')
  admin = await visit(service)
})
afterAll(async () => {
  await admin?.close()
  await service?.close()
})

const dailyCheck = async () => {
  const { items } = (await service.admin.get<{ items: JobView[] }>('/jobs')).body
  return items.find((job) => job.name === 'daily-check')
}
const checkedOn = (day: string) =>
  until(`the check of ${day} is done`, async () => {
    const last = (await dailyCheck())?.lastRun
    return last?.status === 'done' && last.startedAt.slice(0, 10) === day
  })

const keep = picturesIn('PICTURES')
const picture = (name: string) => keep(admin, name, false)

describe('the page of the jobs', () => {
  it('says in words when each is due and how it went', async () => {
    const { page, go } = admin
    await go('/jobs')
    const daily = page.getByTestId('job-daily-check')
    await daily.waitFor()
    for (const word of ['每日达标核查', '完成', '每天 06:00', '2026-11-24 06:00'])
      await expect.poll(() => daily.innerText()).toContain(word)
    await expect.poll(() => page.getByTestId('job-weekly-report').innerText()).toContain('每周一 08:00')
    await expect.poll(() => page.getByTestId('job-monthly-report').innerText()).toContain('每月 1 日 08:00')
    await expect
      .poll(() => page.getByTestId('job-quarterly-report').innerText())
      .toContain('每季度首月 1 日 08:00')
    await expect.poll(() => page.locator('main').innerText()).not.toMatch(/\* \*|timetable\./)
    await picture('jobs-desk')
  })

  it('shows what a schedule comes to before it is taken, and takes it', async () => {
    const { page } = admin
    await page.getByTestId('edit-daily-check').click()
    await page.getByTestId('schedule-kind').getByText('每周').click()
    const time = page.getByTestId('schedule-time')
    await time.click()
    await page.locator('.ant-picker-dropdown:not(.ant-picker-dropdown-hidden)').waitFor()
    // The picker takes what is typed once it has opened for good.
    await expect
      .poll(async () => {
        await time.fill('09:30')
        await time.press('Enter')
        return page.getByTestId('schedule-words').innerText()
      })
      .toBe('每周一 09:30')
    expect((await page.getByTestId('schedule-next').innerText()).match(/2026-\d\d-\d\d \d\d:\d\d/g)).toEqual([
      ...['2026-11-30 09:30', '2026-12-07 09:30', '2026-12-14 09:30', '2026-12-21 09:30', '2026-12-28 09:30'],
    ])
    await picture('jobs-edit-desk')
    await page.getByTestId('schedule-kind').getByText('自定义').click()
    await expect.poll(() => page.getByTestId('schedule-cron').inputValue()).toBe('30 9 * * 1')
    const refusals = { '*/10 * * * *': '最多每小时一次', '0 6 31 2 *': '永远不会运行', 'every day': '五项' }
    for (const [cron, why] of Object.entries(refusals)) {
      await page.getByTestId('schedule-cron').fill(cron)
      await page.getByTestId('schedule-problem').getByText(why).waitFor()
      await expect.poll(() => page.getByTestId('schedule-save').isDisabled()).toBe(true)
    }
    await picture('jobs-edit-refused-desk')
    await page.getByTestId('schedule-cron').fill('0 7 * * 1-5')
    await page.getByTestId('schedule-words').getByText('星期一至星期五').waitFor()
    await page.getByTestId('schedule-reason').fill('周末不办公')
    await page.getByTestId('schedule-save').click()
    const daily = page.getByTestId('job-daily-check')
    await daily.getByText('2026-11-24 07:00').first().waitFor()
    await expect.poll(() => daily.innerText()).toContain('原因：周末不办公')
    await picture('jobs-edited-desk')

    await page.getByTestId('edit-daily-check').click()
    await page.getByTestId('schedule-default').click()
    await daily.getByText('2026-11-24 06:00').first().waitFor()
    await expect.poll(() => daily.innerText()).toContain('恢复默认')
    const audit = await service.admin.get<{ items: { action: string; after: object }[] }>(
      '/audit?action=job.schedule',
    )
    expect(audit.body.items.map(({ after }) => after)).toEqual([
      { cron: '0 6 * * *' },
      { cron: '0 7 * * 1-5' },
    ])
  })

  it('lists the runs, and names the slots that one stands for', async () => {
    await admin.page.goto('about:blank')
    await service.restart({ NOW: '2026-12-03T10:00:00+08:00' })
    await checkedOn('2026-12-03')
    await admin.go('/jobs')
    await admin.page.getByTestId('job-daily-check').getByText('补 11-24 至 12-03 共 10 次').waitFor()
    await picture('jobs-made-up-desk')
    await admin.page.getByTestId('runs-daily-check').click()
    const table = admin.page.getByTestId('runs-table')
    await table.waitFor()
    await expect.poll(() => table.innerText()).toContain('补 11-24 至 12-03 共 10 次')
    await picture('jobs-runs-desk')
    await admin.page.setViewportSize(SIZES.phone)
    await picture('jobs-runs-phone')
    await expect.poll(() => scrollsSideways(admin.page)).toBe(false)
    await admin.go('/jobs')
    await admin.page.getByTestId('job-daily-check').waitFor()
    await picture('jobs-phone')
    await expect.poll(() => scrollsSideways(admin.page)).toBe(false)
    await admin.page.getByTestId('edit-daily-check').click()
    await admin.page.getByTestId('schedule-words').waitFor()
    await picture('jobs-edit-phone')
    await expect.poll(() => scrollsSideways(admin.page)).toBe(false)
    await admin.page.setViewportSize(SIZES.desk)
  })
})

describe('every page', () => {
  it('says to officers that no check was completed for a day, and not to operators', async () => {
    await expect.poll(() => admin.page.getByTestId('check-banner').count()).toBe(0)
    const operator = await service.admin.post<Operator>('/operators', {
      name: '南平公交',
      county: '350702',
    })
    const account = { email: 'bus@example.com', name: '公交', role: 'operator', operator: operator.body.id }
    const made = await service.admin.post<Account>('/accounts', { ...account, password: PASSWORD })
    expect([operator.status, made.status]).toEqual([201, 201])
    // The day's check failed, and is not tried again for long.
    await service.services.connection.collection('job-runs').insertOne({
      ...{ job: 'daily-check', slot: new Date('2026-12-04T06:00:00+08:00'), manual: false, status: 'failed' },
      ...{ covers: [], attempts: 5, startedAt: new Date('2026-12-04T06:00:00+08:00'), failures: [] },
      ...{ finishedAt: new Date('2026-12-04T06:00:01+08:00'), nextTryAt: new Date('2100-01-01') },
      ...{ result: null, error: 'no figures', fault: 'error', lease: null },
    })
    await admin.page.goto('about:blank')
    await service.restart({ NOW: '2026-12-04T12:00:00+08:00' })
    await admin.go('/vehicles')
    const banner = admin.page.getByTestId('check-banner')
    await banner.waitFor()
    await admin.page.getByRole('heading', { level: 1 }).waitFor()
    await expect.poll(() => banner.innerText()).toMatch(/最近一次完成于 2026-12-03 10:0\d/)
    await picture('check-banner-desk')
    await admin.page.setViewportSize(SIZES.phone)
    await picture('check-banner-phone')
    await expect.poll(() => scrollsSideways(admin.page)).toBe(false)
    await banner.getByRole('link').click()
    await admin.page.getByTestId('job-daily-check').getByText('失败', { exact: true }).waitFor()

    const other = await visit(service, { signedIn: false })
    await signIn(other, { email: account.email, password: PASSWORD })
    const asked: string[] = []
    other.page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    await other.go('/vehicles')
    await other.page.getByRole('heading', { level: 1 }).waitFor()
    await filled(other.page)
    // What the banner waits for is asked for before anything of the page within.
    await expect.poll(() => asked).toContain('/api/v1/vehicles')
    expect(asked).not.toContain('/api/v1/jobs/health')
    await expect.poll(() => other.page.getByTestId('check-banner').count()).toBe(0)
    expect(other.complaints).toEqual([])
    await other.close()
    expect(admin.complaints).toEqual([])
  })

  it('in English too', async () => {
    const { page, go } = admin
    await page.setViewportSize(SIZES.desk)
    await page.evaluate(() => localStorage.setItem('language', 'en'))
    await go('/jobs')
    const daily = page.getByTestId('job-daily-check')
    await daily.getByText('Every day at 06:00').waitFor()
    await expect
      .poll(() => page.getByTestId('check-banner').innerText())
      .toMatch(/the last one was at 2026-12-03 10:0\d/)
    await page.getByTestId('edit-daily-check').click()
    await page.getByTestId('schedule-kind').getByText('Other').click()
    await page.getByTestId('schedule-cron').fill('0 8 1 */2 *')
    await page.getByTestId('schedule-words').getByText('every 2 months').waitFor()
    await picture('jobs-edit-english')
    await page.keyboard.press('Escape')
    await go('/jobs/daily-check')
    await page.getByTestId('runs-table').getByText('stands for 10, 11-24 to 12-03').waitFor()
    await picture('jobs-runs-english')
  })
})
