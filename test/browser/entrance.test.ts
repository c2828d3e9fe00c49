import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PASSWORD, person } from '../harness/client.ts'
import { signedIn, signIn, type Visit, visit } from '../harness/page.ts'
import { startTestService, type TestService } from '../harness/service.ts'

describe('a first start with the made-up city', () => {
  it('shows its figures as soon as they are there, without being asked again', async () => {
    const service = await startTestService({ ADMIN_EMAIL: '', ADMIN_PASSWORD: '' })
    const visitor = await visit(service, { signedIn: false })
    try {
      const { page } = visitor
      await page.goto(service.setUpLink ?? '')
      await page.getByTestId('setup-name').fill('林局长')
      await page.getByTestId('setup-email').fill('lin@example.com')
      await page.getByTestId('new-password').fill('一个足够长的口令 2026')
      await page.getByTestId('repeat-password').fill('一个足够长的口令 2026')
      await page.getByTestId('setup-sample').check()
      await page.getByTestId('setup-submit').click()
      await page.getByTestId('card-taxi-renewal').waitFor({ timeout: 100_000 })
    } finally {
      await visitor.close()
      await service.close()
    }
  }, 120_000)
})

describe('the first start', () => {
  let service: TestService
  let visitor: Visit
  beforeAll(async () => {
    service = await startTestService({ ADMIN_EMAIL: '', ADMIN_PASSWORD: '' })
    visitor = await visit(service, { signedIn: false })
  })
  afterAll(async () => {
    await visitor?.close()
    await service?.close()
  })

  it('leads by the printed link to an administrator who is signed in', async () => {
    const { page } = visitor
    expect(service.setUpLink).toMatch(/\/setup\?token=/)
    await page.goto(service.setUpLink ?? '')
    await page.getByTestId('setup-name').fill('林局长')
    await page.getByTestId('setup-email').fill('lin@example.com')
    await page.getByTestId('new-password').fill('一个足够长的口令 2026')
    await page.getByTestId('repeat-password').fill('一个足够长的口令 2026')
    await page.getByTestId('setup-submit').click()
    await signedIn(page)
    await expect.poll(() => page.title()).toMatch(/\p{Script=Han}/u)
  })

  it('shows an empty ledger that says what to do next', async () => {
    const { page, go } = visitor
    for (const path of ['/vehicles', '/changes', '/evidence/bus-renewal']) {
      await go(path)
      await expect.poll(() => page.getByTestId('empty').innerText()).toContain('上传')
      await expect
        .poll(() => page.getByTestId('empty').getByRole('link').getAttribute('href'))
        .toBe('/uploads/send')
    }
  })

  it('is over: the link works no more', async () => {
    const other = await visit(service, { signedIn: false })
    await other.page.goto(service.setUpLink ?? '')
    await expect.poll(() => other.page.locator('h1').innerText()).toBe('系统已完成初始设置')
    await other.page.getByRole('link', { name: '登录' }).click()
    await other.page.getByTestId('sign-in').waitFor()
    await other.close()
  })
})

describe('sign-in', () => {
  let service: TestService
  beforeAll(async () => {
    service = await startTestService()
  })
  afterAll(() => service?.close())

  it('says in words that a password is wrong, then leads back to where one wanted to go', async () => {
    const visitor = await visit(service, { signedIn: false })
    const { page, go } = visitor
    await go('/vehicles?status=active')
    await page.getByTestId('email').fill('admin@example.com')
    await page.getByTestId('password').fill('not the password')
    await page.getByTestId('sign-in').click()
    await expect.poll(() => page.getByTestId('sign-in-problem').innerText()).toContain('不正确')
    await page.getByTestId('password').fill('a good long password')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/vehicles\?status=active/)
    expect(visitor.complaints).toEqual([])
    await visitor.close()
  })

  it('leads nobody to sending a list who may not send one', async () => {
    const { email } = await person(service, { role: 'viewer' })
    const viewer = await visit(service, { signedIn: false })
    await signIn(viewer, { email, password: PASSWORD })
    for (const path of ['/', '/vehicles', '/changes', '/evidence/bus-renewal']) {
      await viewer.go(path)
      await viewer.page.getByTestId('empty').waitFor()
      await expect.poll(() => viewer.page.getByTestId('empty').locator('a, button').count()).toBe(0)
    }
    await viewer.close()
  })

  it('keeps the language that a person chose, on every device', async () => {
    await service.admin.send('PATCH', '/me', { language: 'en' })
    const visitor = await visit(service)
    await expect.poll(() => visitor.page.locator('h1').innerText()).toMatch(/^[A-Za-z ]+$/)
    await expect.poll(() => visitor.page.locator('html').getAttribute('lang')).toBe('en')
    await visitor.close()
    await service.admin.send('PATCH', '/me', { language: 'zh-CN' })
  })

  it('ends with signing out', async () => {
    const visitor = await visit(service)
    await visitor.page.getByTestId('account-menu').click()
    await visitor.page.getByTestId('sign-out').click()
    await visitor.page.getByTestId('sign-in').waitFor()
    await visitor.go('/vehicles')
    await visitor.page.getByTestId('sign-in').waitFor()
    await visitor.close()
  })
})
