import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Named, PASSWORD, person, plateOf, vehicleOf } from '../harness/client.ts'
import { choose, picturesIn, scrollsSideways, signIn, type Visit, visit } from '../harness/page.ts'
import { startTestService, type TestService } from '../harness/service.ts'
import { startSmtp, type TestSmtp } from '../harness/smtp.ts'

/** Alerts and reminders as people meet them. With LOOK=folder it leaves pictures of what it saw. */
let smtp: TestSmtp
let service: TestService
let admin: Visit
let clerk: Named
let officer: Named
let operator: { id: string }
beforeAll(async () => {
  smtp = await startSmtp()
  // Two days before November's lists are due.
  service = await startTestService({ SMTP_URL: smtp.url, NOW: '2026-12-03T10:00:00+08:00' })
  const api = service.admin
  const make = async (name: string, more = {}) =>
    (await api.post<{ id: string }>('/operators', { name, county: '350702', ...more })).body
  operator = await make('延平公共交通有限公司')
  await make('建阳汽车运输公司', {
    county: '350703',
    contacts: [{ name: '陈调度', email: 'chen@company.cn' }],
  })
  await make('无人应答的货运公司')
  clerk = await person(service, { role: 'operator', operator: operator.id })
  officer = await person(service, { role: 'county-officer', county: '350702' })
  const bus = { category: 'bus', operator: operator.id }
  for (const n of [1, 2])
    await api.mustChange({
      kind: 'stock',
      on: '2020-03-01',
      vehicle: vehicleOf(n, { ...bus, emission: '4' }),
    })
  await api.mustChange({
    ...{ kind: 'replaced', on: '2026-03-01', replaces: [plateOf(1)] },
    vehicle: vehicleOf(11, { ...bus, energy: 'BEV' }),
  })
  admin = await visit(service)
})
afterAll(async () => {
  await admin?.close()
  await service?.close()
  await smtp?.close()
})

const look = picturesIn('LOOK')
const mailTo = (address: string, part: string) =>
  smtp.received.find((m) => m.to.includes(address) && m.mail.subject?.includes(part))

describe('an alert', () => {
  it('is on the dashboard and in the bell within a minute of what caused it, and in a mail', async () => {
    // Until the service has looked once it has nothing to compare with.
    await expect
      .poll(
        () =>
          service.services.connection
            .collection('alert-state')
            .countDocuments({ 'standings.city.bus-renewal.status': 'on-track' }),
        { timeout: 60_000 },
      )
      .toBe(1)
    const bus = { category: 'bus', operator: operator.id, energy: 'diesel', emission: '6' }
    const at = Date.now()
    await service.admin.mustChange({
      ...{ kind: 'replaced', on: '2026-04-01', replaces: [plateOf(2)], vehicle: vehicleOf(12, bus) },
      breachReason: '山区线路暂无充电桩',
    })
    await expect
      .poll(() => mailTo('admin@example.com', '更新公交车新能源占比'), { timeout: 60_000 })
      .toBeDefined()
    expect(Date.now() - at).toBeLessThan(60_000)
    const { page, go } = admin
    await go('/')
    const latest = page.getByTestId('latest-alerts')
    await latest.waitFor()
    await expect.poll(() => latest.innerText()).toContain('更新公交车新能源占比')
    await look(admin, 'dashboard')
    await page.getByTestId('bell').click()
    await page.getByText('更新公交车新能源占比：由“达到要求”变为“已不达标”').first().waitFor()
    await look(admin, 'bell')
    await page.getByText('更新公交车新能源占比：由“达到要求”变为“已不达标”').first().click()
    const detail = page.getByTestId('alert-detail')
    await detail.getByText('理由：山区线路暂无充电桩').waitFor()
    for (const said of [plateOf(12), '延平公共交通有限公司', '50.0%', '登记人 管理员', '期内无法再回到目标'])
      await expect.poll(() => detail.innerText()).toContain(said)
    await look(admin, 'alert')
    expect(admin.complaints).toEqual([])
  })

  it('is found by rule and place, and leads to the evidence', async () => {
    const { page, go } = admin
    await go('/alerts')
    await page.getByTestId('alert').first().waitFor()
    await choose(page, 'filter-rule', '更新公交车新能源占比')
    await choose(page, 'filter-county', '延平区')
    await expect.poll(() => page.getByTestId('alert').count()).toBe(1)
    expect(new URL(page.url()).search).toContain('county=350702')
    await look(admin, 'alerts')
    await page.getByTestId('alert-open').first().press('Enter')
    await page.getByTestId('alert-evidence').waitFor()
    expect(new URL(page.url()).search).toContain('county=350702')
    await page.getByTestId('alert-evidence').click()
    await page.waitForURL('**/evidence/bus-renewal?*')
    // Every alert of the rule is for the worse.
    await go('/alerts?direction=better&rule=bus-renewal')
    await page.getByTestId('empty').getByRole('button').click()
    await page.getByTestId('alert').first().waitFor()
    expect(new URL(page.url()).search).toBe('')
    expect(admin.complaints).toEqual([])
  })

  it('is told in English and on a telephone, too', async () => {
    await officer.send('PATCH', '/me', { language: 'en' })
    const phone = await visit(service, { size: 'phone', locale: 'en-GB', signedIn: false })
    await signIn(phone, { email: officer.email, password: PASSWORD })
    await phone.go('/alerts')
    await phone.page.getByText('New-energy share of replaced buses').first().waitFor()
    await expect.poll(() => scrollsSideways(phone.page)).toBe(false)
    await look(phone, 'alerts-phone')
    await phone.page.getByTestId('alert-open').first().click()
    await phone.page.getByTestId('alert-detail').getByText('The target cannot be regained').waitFor()
    await look(phone, 'alert-phone')
    expect(phone.complaints).toEqual([])
    await phone.close()
  })
})

describe('reminders', () => {
  it('are seen by officers with their mails, and sent by hand once a day', async () => {
    const { page, go } = admin
    // November's lists: the bus company has changes on record earlier in the year only.
    await go('/reporting?month=2026-11')
    const row = page.getByTestId('reporting-延平公共交通有限公司')
    await row.getByTestId('remind-now').click()
    await expect.poll(() => row.getByTestId('remind-now').innerText()).toContain('今天已提醒')
    await expect.poll(() => mailTo(clerk.email, '请于2026年12月5日前报送'), { timeout: 30_000 }).toBeDefined()
    const nobody = page.getByTestId('reporting-无人应答的货运公司')
    await expect.poll(() => nobody.getByTestId('reminder-nobody').innerText()).toBe('无人可通知')
    await expect.poll(() => nobody.getByTestId('remind-now').count()).toBe(0)
    await expect.poll(() => page.getByTestId('due-on').innerText()).toContain('2026-12-05')
    await page.reload()
    await row.getByTestId('reminders-sent').click()
    await expect.poll(() => row.innerText()).toContain(clerk.email)
    await expect.poll(() => row.getByTestId('reminder-next').innerText()).toContain('2026-12-04 提醒企业')
    await look(admin, 'reporting')
    await row.getByRole('link', { name: clerk.email }).click()
    await page.waitForURL('**/mails/*')
    expect(admin.complaints).toEqual([])
  })

  it('are set by an administrator', async () => {
    const { page, go } = admin
    await go('/reporting?month=2026-11')
    await page.getByTestId('reminder-settings').click()
    const preview = page.getByTestId('reminders-preview')
    await expect.poll(() => preview.innerText()).toContain('2026-12-05 到期')
    await page.getByTestId('due-day').fill('8')
    await expect.poll(() => preview.innerText()).toContain('2026-12-08 到期')
    await look(admin, 'settings')
    await page.getByTestId('reminders-save').click()
    await expect.poll(() => page.getByTestId('due-on').innerText()).toContain('2026-12-08')
    await page.getByTestId('reminder-settings').click()
    await page.getByTestId('escalate-after').fill('3')
    await page.getByTestId('reminder-steps').locator('input').fill('逾期 5 天')
    await page.locator('.ant-select-dropdown:visible .ant-select-item-option').getByText('逾期 5 天').click()
    await page.keyboard.press('Tab')
    await page.getByTestId('reminders-save').click()
    await page.getByText('逾期后的提醒须早于转告主管人员的日期').waitFor()
    await page.keyboard.press('Escape')
    // What was refused is an answer, which the browser logs as an error.
    expect(admin.complaints.splice(0).filter((c) => !c.includes('status of 400'))).toEqual([])
  })

  it('lead an operator to its month, and to a nil report without signing in', async () => {
    const own = await visit(service, { size: 'phone', signedIn: false })
    await signIn(own, { email: clerk.email, password: PASSWORD })
    await own.go('/reporting')
    await expect
      .poll(() => own.page.getByTestId('month-2026-11').getByTestId('month-due').innerText())
      .toMatch(/请于 2026-12-08 前报送\s+还有 5 天/)
    await expect.poll(() => own.page.getByTestId('nav-alerts').count()).toBe(0)
    await look(own, 'own-months-phone')
    expect(own.complaints).toEqual([])
    await own.close()
    const mail = mailTo(clerk.email, '请于2026年12月5日前报送')
    const link = /(\/nil#token=[\w.-]+)/.exec(mail?.mail.text ?? '')?.[1] ?? ''
    const stranger = await visit(service, { size: 'phone', signedIn: false })
    await stranger.go(link)
    await stranger.page.getByTestId('nil-confirm').waitFor()
    await look(stranger, 'nil-phone')
    await stranger.page.getByTestId('nil-confirm').click()
    await stranger.page.getByTestId('nil-done').waitFor()
    await look(stranger, 'nil-done-phone')
    await stranger.go('/nil#token=x')
    await stranger.page.reload()
    await stranger.page.getByTestId('nil-expired').waitFor()
    // A void link is answered as gone, which the browser logs as an error.
    expect(stranger.complaints.filter((c) => !c.includes('410'))).toEqual([])
    await stranger.close()
    const { page, go } = admin
    await go('/reporting?month=2026-11')
    await expect
      .poll(() => page.getByTestId('reporting-延平公共交通有限公司').innerText())
      .toContain('零报告')
  })
})
