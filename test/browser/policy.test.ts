import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Compliance } from '../../server/compliance/schema.ts'
import { csvOf, PASSWORD, person, plateOf, vehicleOf } from '../harness/client.ts'
import { picturesIn, scrollsSideways, signIn, type Visit, visit } from '../harness/page.ts'
import { startTestService, type TestService } from '../harness/service.ts'

/** A new version of the rules, made in the browser: its effect shown before, the figures after, the past unchanged. */
let service: TestService
let admin: Visit
beforeAll(async () => {
  service = await startTestService()
  const old = [1, 2, 3, 4].map((n) => ({
    ...vehicleOf(n, { category: 'cruising-taxi', energy: 'gasoline' }),
    kind: 'stock',
  }))
  const fresh = [101, 102, 103].map((n) => ({
    ...vehicleOf(n, { category: 'cruising-taxi', energy: n === 103 ? 'gasoline' : 'BEV' }),
    ...{ kind: 'replaced', on: '2025-03-01', replaces: plateOf(n - 100) },
  }))
  await service.admin.record('taxis.csv', csvOf([...old, ...fresh]))
  admin = await visit(service)
})
afterAll(async () => {
  await admin?.close()
  await service?.close()
})

const shoot = picturesIn('POLICY_SHOTS')

describe('the page of the rules', () => {
  it('says each rule in words, with source and readings, made from its data', async () => {
    const { page, go } = admin
    await go('/policy')
    const taxi = page.getByTestId('policy-rule-taxi-renewal')
    await expect.poll(() => taxi.innerText()).toContain('更新的巡游出租车、网约车中，新能源的占比')
    await expect.poll(() => taxi.innerText()).toMatch(/不低于 70%[\s\S]*合并计算[\s\S]*第6项/)
    const trucks = () => page.getByTestId('policy-rule-old-diesel-trucks-retired').innerText()
    await expect
      .poll(() => page.getByTestId('policy-rule-freight-vehicles-added').innerText())
      .toContain('不少于 2,000 辆')
    await expect
      .poll(trucks)
      .toContain('淘汰（报废、注销）的营运货车（柴油、国三及以下），以及因更新而退出的营运货车')
    await expect.poll(() => page.getByTestId('policy-lives').innerText()).toMatch(/城市公交\s*13 年/)
    await expect.poll(() => page.getByTestId('policy-version').innerText()).toBe('第 1 版')
    await shoot(admin, 'policy-zh')
  })

  it('shows what a draft would change, and publishes it on grounds that are given', async () => {
    const { page, go } = admin
    const { body: before } = await service.admin.get<Compliance>('/compliance')
    await page.getByTestId('policy-edit').click()
    await page.getByTestId('policy-target-taxi-renewal').waitFor()
    await expect.poll(() => page.getByTestId('policy-preview').isDisabled()).toBe(true)
    const target = page.getByTestId('policy-target-taxi-renewal')
    await target.fill('60')
    await page.getByTestId('policy-target-freight-vehicles-added').fill('2500')
    await page.getByTestId('policy-old-truck-up-to-4').click()
    await page.getByTestId('policy-reporting-days').fill('20')
    await page.getByTestId('policy-preview').click()
    const effect = page.getByTestId('policy-effect-taxi-renewal')
    await expect.poll(() => effect.innerText()).toMatch(/66\.6%[\s\S]*70%[\s\S]*落后[\s\S]*66\.6%[\s\S]*60%/)
    await expect.poll(() => page.getByTestId('policy-differences').first().innerText()).toMatch(/70[\s\S]*60/)
    await shoot(admin, 'policy-effect-zh')
    await expect.poll(() => page.getByTestId('policy-publish').isDisabled()).toBe(true)
    // Changing the draft again takes the effect away: it is another draft's.
    await target.fill('65')
    await expect.poll(() => page.getByTestId('policy-effect').count()).toBe(0)
    await page.getByTestId('policy-preview').click()
    await page.getByTestId('policy-note').fill('市政府专题会议纪要〔2026〕12号')
    await page.getByTestId('policy-publish').click()
    await expect.poll(() => page.getByTestId('policy-version').innerText()).toBe('第 2 版')
    const version = () => page.getByTestId('policy-version-2').innerText()
    await expect.poll(version).toMatch(/会议纪要〔2026〕12号[\s\S]*70[\s\S]*65[\s\S]*国四及以下[\s\S]*20 日/)
    await expect.poll(version).toMatch(/2,000[\s\S]*2,500/)
    await expect.poll(() => page.getByTestId('policy-rule-taxi-renewal').innerText()).toContain('不低于 65%')
    await shoot(admin, 'policy-after-zh')
    expect((await service.admin.figures())['taxi-renewal']).toMatchObject({ target: 65, status: 'on-track' })
    expect((await service.admin.figures('?policyVersion=1'))['taxi-renewal']).toMatchObject({
      status: 'behind',
    })
    // The past is as it was made, to the digit, and is shown so.
    const { asOf, knownAt } = before
    const then = `?asOf=${asOf}&knownAt=${encodeURIComponent(knownAt)}`
    expect((await service.admin.get(`/compliance${then}`)).body).toEqual(before)
    const card = page.getByTestId('card-taxi-renewal')
    await go('/')
    await expect.poll(() => card.innerText()).toMatch(/66\.6%[\s\S]*目标 65%/)
    await go(`/${then}`)
    await expect.poll(() => card.innerText()).toMatch(/66\.6%[\s\S]*目标 70%/)
  })

  it('says what is wrong with a draft, and keeps what was entered', async () => {
    const { page, go } = admin
    await go('/policy?edit')
    await page.getByTestId('policy-period-to').fill('2023-12-31')
    await page.getByTestId('policy-preview').click()
    await expect.poll(() => page.getByTestId('policy-problem').innerText()).toContain('起始日须早于截止日')
    await expect.poll(() => page.getByTestId('policy-period-to').inputValue()).toBe('2023-12-31')
  })

  it('is read by others in their language, and changed by nobody else', async () => {
    const reader = await person(service, { role: 'viewer' })
    expect((await reader.send('PATCH', '/me', { language: 'en' })).status).toBe(200)
    const viewer = await visit(service, { locale: 'en', signedIn: false, size: 'phone' })
    await signIn(viewer, { email: reader.email, password: PASSWORD })
    try {
      await viewer.go('/policy?edit')
      await viewer.page.getByTestId('policy-rules').waitFor()
      const taxi = () => viewer.page.getByTestId('policy-rule-taxi-renewal').innerText()
      await expect.poll(taxi).toContain('Share that is new-energy among cruising taxi, ride-hailing')
      await expect
        .poll(() => viewer.page.getByTestId('policy-rules').innerText())
        .not.toMatch(/policy\.|undefined/)
      await expect.poll(() => scrollsSideways(viewer.page)).toBe(false)
      await shoot(viewer, 'policy-en-phone')
      await expect.poll(() => viewer.page.getByTestId('policy-edit').count()).toBe(0)
      await expect.poll(() => viewer.page.getByTestId('policy-preview').count()).toBe(0)
    } finally {
      await viewer.close()
    }
  })
})
