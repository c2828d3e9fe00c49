import { Secret, TOTP } from 'otpauth'
import type { Page, Request } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { choose, signedIn, type Visit, visit } from '../harness/page.ts'
import { startTestService, type TestService } from '../harness/service.ts'
import { startSmtp, type TestSmtp } from '../harness/smtp.ts'

const OFFICER = { email: 'huang@example.com', name: '黄主任', password: '松溪 竹筏 二十七 号码头' }
const STEP_MS = 30_000

let smtp: TestSmtp
let service: TestService
let admin: Visit
let officer: Visit
let viewer: Visit
/** the officer's authenticator app */
let app: TOTP
let recovery: string[] = []

beforeAll(async () => {
  smtp = await startSmtp()
  // The real time, which the authenticator app counts by as well.
  service = await startTestService({ NOW: '', SMTP_URL: smtp.url, MAIL_FROM: 'ledger@example.com' })
  admin = await visit(service)
  officer = await visit(service, { signedIn: false })
})
afterAll(async () => {
  await admin?.close()
  await officer?.close()
  await viewer?.close()
  await service?.close()
  await smtp?.close()
})

/** The link in the latest mail to somebody. */
async function linkTo(email: string, subject: RegExp): Promise<string> {
  const mail = () =>
    smtp.received.findLast(({ to, mail }) => to.includes(email) && subject.test(mail.subject ?? ''))
  await expect.poll(mail).toBeDefined()
  return /https?:\/\/\S+\/link#token=[\w-]+/.exec(mail()?.mail.text ?? '')?.[0] ?? ''
}

async function credentials({ page, go }: Visit, email: string, password: string): Promise<void> {
  await go('/sign-in')
  await page.getByTestId('email').fill(email)
  await page.getByTestId('password').fill(password)
  await page.keyboard.press('Enter')
}

async function signOut(page: Page): Promise<void> {
  await page.getByTestId('account-menu').click()
  await page.getByTestId('sign-out').click()
  await page.getByTestId('sign-in').waitFor()
}

/** The status of a refusal that the browser logged as an error. */
const statusOf = (complaint: string) => /status of (\d+)/.exec(complaint)?.[1] ?? complaint
const heading = (page: Page) => page.locator('h1').first().innerText()

/** The code that the app shows so many steps from now; each counts once. */
const codeAt = (totp: TOTP, steps: number): string =>
  totp.generate({ timestamp: Date.now() + steps * STEP_MS })

/** Goes through setting up the second factor by keyboard. @returns the app and the recovery codes */
async function setUpFactor(page: Page, password: string): Promise<{ totp: TOTP; codes: string[] }> {
  await page.getByTestId('confirm-password').fill(password)
  await page.keyboard.press('Enter')
  const secret = await page.getByTestId('second-factor-secret').getAttribute('data-text')
  const totp = new TOTP({ secret: Secret.fromBase32(secret ?? '') })
  await page.getByTestId('second-factor-qr').locator('svg').waitFor()
  // With a space and full-width, as people paste it.
  const code = codeAt(totp, 0)
  await page.getByTestId('code').fill(`${code.slice(0, 3)} ${fullWidth(code.slice(3))}`)
  await page.getByTestId('recovery-codes').waitFor()
  const codes = await page.getByTestId('recovery-codes').locator('code').allInnerTexts()
  return { totp, codes }
}

/** Comes back to a page after ten minutes elsewhere. @returns what it then asks for, the regions by ourselves last */
async function comeBack(page: Page): Promise<string[]> {
  const asked: string[] = []
  const note = (request: Request) => asked.push(new URL(request.url()).pathname)
  page.on('request', note)
  await page.evaluate(async () => {
    const { now } = Date
    Date.now = () => now() + 600_000
    window.dispatchEvent(new Event('visibilitychange'))
    await fetch('/api/v1/regions')
  })
  page.off('request', note)
  return asked
}

const fullWidth = (digits: string): string =>
  digits.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0))

describe('an officer who is invited, in Chinese', () => {
  it('gets a mail, which the administrator sees going out', async () => {
    const { page, go } = admin
    await go('/accounts')
    await page.getByTestId('add-account').click()
    await page.getByTestId('account-name').fill(OFFICER.name)
    await page.getByTestId('account-email').fill(OFFICER.email)
    await expect.poll(() => page.getByTestId('account-password').count()).toBe(0)
    await page.getByTestId('account-save').click()
    await expect.poll(() => page.getByTestId('mail-watch').getAttribute('data-status')).toBe('sent')
    await expect.poll(() => page.getByTestId('mail-watch').innerText()).toContain(OFFICER.email)
    await page.getByTestId('mail-close').click()
    await expect.poll(() => page.getByTestId(`state-${OFFICER.email}`).innerText()).toBe('已邀请')
  })

  it('follows its link, is told that a password is weak, sets a good one and is in', async () => {
    const link = await linkTo(OFFICER.email, /邀请|账号/)
    const { page } = officer
    await page.goto(link)
    await expect.poll(() => page.getByTestId('link-for').innerText()).toContain(OFFICER.name)
    await page.getByTestId('new-password').fill('password123')
    await expect.poll(() => page.getByTestId('strength').getAttribute('data-level')).toBe('0')
    await page.getByTestId('new-password').fill(OFFICER.password)
    await expect.poll(() => page.getByTestId('strength').getAttribute('data-level')).toMatch(/[34]/)
    await page.getByTestId('repeat-password').fill('another one')
    await page.getByTestId('link-submit').click()
    await page.getByText('两次输入的密码不一致').waitFor()
    await page.getByTestId('repeat-password').fill(OFFICER.password)
    await page.keyboard.press('Enter')
    await signedIn(page)
    expect(new URL(page.url()).hash).toBe('')

    // The link has done its work.
    const late = await officer.context.newPage()
    await late.goto(link)
    await late.getByTestId('link-expired').waitFor()
    await expect.poll(() => heading(late)).toBe('链接已失效')
    await late.close()
    expect(officer.complaints.splice(0).map(statusOf)).toEqual(['410'])
  })

  it('sets up the second factor and keeps the recovery codes', async () => {
    const { page, go } = officer
    await go('/me?tab=secondFactor')
    await page.getByTestId('enable-second-factor').click()
    await page.getByTestId('confirm-password').fill('not the password')
    await page.keyboard.press('Enter')
    await page.getByTestId('sign-in-problem').waitFor()
    const set = await setUpFactor(page, OFFICER.password)
    app = set.totp
    recovery = set.codes
    expect(new Set(recovery).size).toBe(10)
    const download = page.waitForEvent('download')
    await page.getByTestId('download-codes').click()
    expect((await download).suggestedFilename()).toContain('恢复码')
    await page.getByTestId('codes-kept').click()
    await expect.poll(() => page.getByTestId('second-factor-state').innerText()).toBe('已开启')
    const again = await service.admin.get<{ items: { email: string; secondFactor: boolean }[] }>('/accounts')
    expect(again.body.items.find((a) => a.email === OFFICER.email)?.secondFactor).toBe(true)
  })

  it('signs out, and in again with a code', async () => {
    const { page } = officer
    await signOut(page)
    await credentials(officer, OFFICER.email, OFFICER.password)
    // The field has the keyboard already, and the sixth digit sends the code.
    await page.getByTestId('code').waitFor()
    await page.keyboard.type(codeAt(app, 5))
    await expect.poll(() => page.getByTestId('sign-in-problem').innerText()).toContain('验证码')
    await expect.poll(() => page.getByTestId('code').inputValue()).toBe('')
    await page.keyboard.type(codeAt(app, 1))
    await signedIn(page)
  })

  it('signs in elsewhere with a recovery code, and ends that session from here', async () => {
    const elsewhere = await visit(service, { signedIn: false, size: 'phone' })
    await credentials(elsewhere, OFFICER.email, OFFICER.password)
    await elsewhere.page.getByTestId('other-way').click()
    await elsewhere.page.getByTestId('recovery-code').fill('ABCDE-FGHIJ')
    await elsewhere.page.keyboard.press('Enter')
    await expect.poll(() => elsewhere.page.getByTestId('sign-in-problem').innerText()).toContain('恢复码')
    await elsewhere.page.getByTestId('recovery-code').fill(recovery[0] ?? '')
    await elsewhere.page.keyboard.press('Enter')
    await signedIn(elsewhere.page)

    const { page, go } = officer
    await go('/me')
    await page.getByTestId('tab-sessions').click()
    await expect.poll(() => page.getByTestId('end-session').count()).toBe(1)
    await expect.poll(() => page.getByTestId('sessions').innerText()).toContain('本设备')
    await page.getByTestId('end-session').click()
    await page.getByTestId('end-confirm').click()
    await expect.poll(() => page.getByTestId('end-session').count()).toBe(0)
    await elsewhere.go('/vehicles')
    await elsewhere.page.getByTestId('sign-in').waitFor()
    await elsewhere.close()
    await go('/vehicles')
    await signedIn(page)
  })

  it('makes a token that works until it is revoked', async () => {
    const { page, go } = officer
    await go('/me?tab=tokens')
    await page.getByTestId('add-token').click()
    await page.getByTestId('token-name').fill('调度系统')
    await page.getByTestId('token-create').click()
    const token = await page.getByTestId('token').getAttribute('data-text')
    expect(token).toMatch(/^flt_/)
    await expect.poll(() => page.getByTestId('token-example').innerText()).toContain(token)
    const ask = async () => {
      const answer = await fetch(`${service.url}/api/v1/vehicles?limit=1`, {
        headers: { authorization: `Bearer ${token}` },
      })
      return answer.status
    }
    expect(await ask()).toBe(200)
    await page.getByTestId('token-kept').click()
    await page.getByTestId('revoke-调度系统').click()
    await page.getByTestId('revoke-confirm').click()
    await page.getByTestId('empty').waitFor()
    expect(await ask()).toBe(401)
    await expect.poll(() => page.content()).not.toContain(token)
  })

  it('loses the password and sets another by mail', async () => {
    const { page } = officer
    await signOut(page)
    await page.getByTestId('email').fill(OFFICER.email)
    await page.getByTestId('forgot').click()
    await expect.poll(() => page.getByTestId('forgot-email').inputValue()).toBe(OFFICER.email)
    await page.getByTestId('forgot-submit').click()
    await page.getByTestId('reset-sent').waitFor()
    const known = await heading(page)
    await page.goto(await linkTo(OFFICER.email, /密码/))
    await page.getByTestId('new-password').fill(`${OFFICER.password}，新`)
    await page.getByTestId('repeat-password').fill(`${OFFICER.password}，新`)
    await page.getByTestId('link-submit').click()
    // Whoever has the mailbox only does not get in.
    await page.getByTestId('other-way').click()
    await page.getByTestId('recovery-code').fill(recovery[1] ?? '')
    await page.getByTestId('verify').click()
    await signedIn(page)

    const stranger = await visit(service, { signedIn: false })
    await stranger.go('/forgot')
    await stranger.page.getByTestId('forgot-email').fill('nobody@example.com')
    await stranger.page.getByTestId('forgot-submit').click()
    await stranger.page.getByTestId('reset-sent').waitFor()
    await expect.poll(() => heading(stranger.page)).toBe(known)
    await stranger.close()
    expect(officer.complaints).toEqual([])
  })
})

describe('an administrator', () => {
  const VIEWER = { email: 'xu@example.com', name: '徐科长', password: '一个足够长的口令 2026' }

  it('gives a viewer one county to see', async () => {
    const { page, go } = admin
    await go('/accounts')
    await page.getByTestId('add-account').click()
    await page.getByTestId('account-name').fill(VIEWER.name)
    await page.getByTestId('account-email').fill(VIEWER.email)
    await choose(page, 'account-role', '查阅人')
    await choose(page, 'account-county', '武夷山市')
    await page.getByTestId('by-password').click()
    await page.getByTestId('account-password').fill(VIEWER.password)
    await page.getByTestId('account-save').click()
    await expect
      .poll(() => page.getByTestId(`account-${VIEWER.email}`).innerText())
      .toMatch(/查阅人[\s\S]*武夷山市[\s\S]*正常/)
  })

  it('requires the second factor of viewers: of those signed in at once', async () => {
    const { page } = admin
    viewer = await visit(service, { signedIn: false })
    await credentials(viewer, VIEWER.email, VIEWER.password)
    await signedIn(viewer.page)
    await page.getByTestId('security-settings').click()
    await page.getByTestId('require-viewer').click()
    await page.getByTestId('settings-save').click()
    await expect.poll(() => page.getByTestId(`account-${VIEWER.email}`).innerText()).toContain('须设置')

    await viewer.go('/vehicles')
    await viewer.page.getByTestId('second-factor-needed').waitFor()
    await expect.poll(() => heading(viewer.page)).toBe('请先设置二次验证')
    await setUpFactor(viewer.page, VIEWER.password)
    // Whoever fetches a pen finds the codes where they were: they are shown this once.
    expect(await comeBack(viewer.page)).toEqual(['/api/v1/regions'])
    await expect.poll(() => viewer.page.getByTestId('recovery-codes').locator('code').count()).toBe(10)
    await viewer.page.getByTestId('codes-kept').click()
    await signedIn(viewer.page)
    expect(await comeBack(viewer.page)).toContain('/api/v1/me')
    await viewer.go('/me?tab=secondFactor')
    await viewer.page.getByTestId('remove-second-factor').click()
    await viewer.page.getByTestId('confirm-password').fill(VIEWER.password)
    await viewer.page.keyboard.press('Enter')
    await viewer.page.getByTestId('sign-in-problem').waitFor()
    await expect.poll(() => viewer.page.getByTestId('second-factor-state').innerText()).toBe('已开启')
  })

  it('sees where the viewer is signed in and ends it, and resets a second factor that got lost', async () => {
    const { page } = admin
    await page.reload()
    await page.getByTestId(`more-${VIEWER.email}`).click()
    await page.getByTestId(`access-${VIEWER.email}`).click()
    await page.getByTestId('end-all').click()
    await page.getByTestId('end-all-confirm').click()
    await expect.poll(() => page.getByTestId('end-all').count()).toBe(0)
    await viewer.go('/')
    await viewer.page.getByTestId('sign-in').waitFor()
    await page.keyboard.press('Escape')
    await page.getByTestId(`more-${VIEWER.email}`).click()
    await page.getByTestId(`reset-factor-${VIEWER.email}`).click()
    await page.getByTestId('reset-factor-confirm').click()
    await expect.poll(() => page.getByTestId(`account-${VIEWER.email}`).innerText()).toContain('须设置')
    await credentials(viewer, VIEWER.email, VIEWER.password)
    await viewer.page.getByTestId('second-factor-needed').waitFor()
    expect(admin.complaints).toEqual([])
  })

  it('is told how long to wait after too many wrong passwords', async () => {
    const guesser = await visit(service, { signedIn: false })
    const { page } = guesser
    await guesser.go('/sign-in')
    await page.getByTestId('email').fill(VIEWER.email)
    const statuses: number[] = []
    while (statuses.at(-1) !== 429 && statuses.length < 12) {
      const answer = page.waitForResponse('**/api/v1/session')
      await page.getByTestId('password').fill(`guess ${statuses.length}`)
      // While an answer is waited for, Enter does nothing.
      await page.locator('[data-testid=sign-in]:not(.ant-btn-loading)').waitFor()
      await page.keyboard.press('Enter')
      statuses.push((await answer).status())
    }
    expect(statuses.length).toBeGreaterThan(4)
    await expect
      .poll(() => page.getByTestId('sign-in-problem').innerText())
      .toMatch(/请等待 \d+ (秒|分钟)后再试/)
    await expect.poll(() => page.getByTestId('sign-in').isDisabled()).toBe(true)
    expect(guesser.complaints.map(statusOf)).toEqual(['429'])
    await guesser.close()
  })
})
