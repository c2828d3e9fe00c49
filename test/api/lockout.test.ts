import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Throttle } from '../../server/accounts/throttle.ts'
import type { Problem } from '../../server/http/problem.ts'
import type { ProblemBody } from '../../server/http/schema.ts'
import { PASSWORD, person } from '../harness/client.ts'
import { startTestService, type TestService } from '../harness/service.ts'

let service: TestService
beforeAll(async () => {
  service = await startTestService({ TRUST_PROXY: '1' })
})
afterAll(() => service.close())

const SECOND = 1000
/** Starts the service again when so much more time has gone by. */
const wait = (ms: number) =>
  service.restart({ NOW: new Date(service.services.clock.now().getTime() + ms).toISOString() })
let network = 0
/** An address that nobody has used yet. */
const newAddress = () => `198.51.${100 + Math.floor(++network / 250)}.${network % 250}`

/** A browser: an address, and the cookies that it is given. */
function browser(address = newAddress()) {
  const visitor = service.visitor()
  const jar = new Map<string, string>()
  async function signIn(email: string, password: string) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await visitor.send<ProblemBody>(
      'POST',
      '/session',
      { email, password },
      { 'x-forwarded-for': address, ...(cookie ? { cookie } : {}) },
    )
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      if (name !== 'fleet.sid') jar.set(name, value)
    }
    return answer
  }
  /** So many wrong passwords, one after the other; their statuses. */
  async function guess(email: string, times: number) {
    const statuses: number[] = []
    for (let i = 0; i < times; i++) statuses.push((await signIn(email, 'a wrong password')).status)
    return statuses
  }
  return { address, jar, signIn, guess }
}
const account = () => person(service, { role: 'viewer' })
const throttles = () => service.services.connection.collection('throttles')
const five = [401, 401, 401, 401, 401]

describe('guessing a password', () => {
  it('meets a pause after five failures that tells how long it is, even with the right one', async () => {
    const { email } = await account()
    const thief = browser()
    expect(await thief.guess(email, 6)).toEqual([...five, 429])
    const { status, body, headers } = await thief.signIn(email, PASSWORD)
    expect([status, body.code]).toEqual([429, 'session.throttled'])
    const seconds = Number(headers.get('retry-after'))
    expect(seconds).toBeGreaterThan(0)
    expect(seconds).toBeLessThanOrEqual(30)
    expect(body.errors[0]?.params).toEqual({ seconds: String(seconds) })
    expect(body.errors[0]?.message).toBe(`请在 ${seconds} 秒后再试`)
  })

  it('is answered alike for an address that nobody has', async () => {
    const stranger = browser()
    expect(await stranger.guess('nobody-at-all@example.com', 6)).toEqual([...five, 429])
  })

  it('is no faster when it is done all at once', async () => {
    const { email } = await account()
    const thief = browser()
    const tries = await Promise.all(Array.from({ length: 40 }, () => thief.signIn(email, 'a wrong password')))
    expect(tries.filter((t) => t.status === 401)).toHaveLength(5)
    expect(tries.filter((t) => t.status === 429)).toHaveLength(35)
  })

  it('is forgotten with the right password', async () => {
    const { email } = await account()
    const owner = browser()
    for (let round = 0; round < 3; round++) {
      expect(await owner.guess(email, 4)).toEqual([401, 401, 401, 401])
      expect((await owner.signIn(email, PASSWORD)).status).toBe(200)
    }
  })

  it('leaves many good sign-ins at once alone', async () => {
    const { email } = await account()
    const office = browser()
    const tries = await Promise.all(Array.from({ length: 30 }, () => office.signIn(email, PASSWORD)))
    expect(tries.every((t) => t.status === 200)).toBe(true)
  })

  it('of one account from one place does not hold others, nor the same from another place', async () => {
    const [one, two] = [await account(), await account()]
    const office = browser()
    expect(await office.guess(one.email, 6)).toEqual([...five, 429])
    expect((await office.signIn(two.email, PASSWORD)).status).toBe(200)
    expect((await browser().signIn(one.email, PASSWORD)).status).toBe(200)
  })

  it('is stopped after twenty failures from one address, whatever the accounts', async () => {
    const thief = browser()
    for (let i = 0; i < 20; i++)
      expect((await thief.signIn(`somebody-${i}@example.com`, 'a wrong password')).status).toBe(401)
    const { email } = await account()
    const stopped = await thief.signIn(email, PASSWORD)
    expect([stopped.status, stopped.body.code]).toEqual([429, 'session.throttled'])
    expect(Number(stopped.headers.get('retry-after'))).toBeGreaterThan(200)
    expect((await browser().signIn(email, PASSWORD)).status).toBe(200)
  })

  it('counts a whole IPv6 network as one address', async () => {
    const { email } = await account()
    const statuses = []
    for (let i = 1; i <= 6; i++)
      statuses.push((await browser(`2001:db8:1:1::${i}`).signIn(email, 'a wrong password')).status)
    expect(statuses).toEqual([...five, 429])
    expect((await browser('2001:db8:2:1::1').signIn(email, PASSWORD)).status).toBe(200)
  })
})

describe('a counter', () => {
  const LIMIT = { free: 20, pauses: [30], forgetMs: 60_000 }

  it('that several first attempts make at once refuses none of them that is free', async () => {
    const { clock, connection } = service.services
    const [throttle, now] = [new Throttle(connection), clock.now()]
    for (let i = 0; i < 10; i++) {
      const bucket = { key: `first|${i}`, limit: LIMIT }
      const tries = await Promise.allSettled(Array.from({ length: 25 }, () => throttle.take([bucket], now)))
      expect(tries.filter((t) => t.status === 'fulfilled')).toHaveLength(20)
    }
  })

  it('whose pause ends while it refuses does not refuse for nothing', async () => {
    const { clock, connection } = service.services
    const [throttle, now] = [new Throttle(connection), clock.now()]
    const waits: number[] = []
    for (let i = 0; i < 30; i++) {
      const bucket = { key: `paused|${i}`, limit: { ...LIMIT, free: 1 } }
      await throttle.take([bucket], now)
      const [again] = await Promise.allSettled([throttle.take([bucket], now), throttle.giveBack([bucket])])
      waits.push(again.status === 'fulfilled' ? 0 : ((again.reason as Problem).retryAfter ?? -1))
    }
    // Either it was in its pause or it was not.
    expect(waits.filter((seconds) => seconds !== 0 && seconds !== 30)).toEqual([])
  })
})

describe('locking somebody out', () => {
  /** Guesses at an account from wherever, until strangers are held back. */
  async function siege(email: string): Promise<void> {
    for (let i = 0; i < 10; i++) await browser().guess(email, 5)
    const { status } = await browser().signIn(email, 'a wrong password')
    expect(status).toBe(429)
  }

  it('from everywhere holds strangers, and not the browser that its owner used before', async () => {
    const { email } = await account()
    const own = browser()
    expect((await own.signIn(email, PASSWORD)).status).toBe(200)
    expect([...own.jar.keys()]).toEqual(['fleet.device'])
    await siege(email)
    expect((await browser().signIn(email, PASSWORD)).status).toBe(429)
    for (let i = 0; i < 3; i++) expect((await own.signIn(email, PASSWORD)).status).toBe(200)
    // It has a count of its own: a stolen browser guesses no faster.
    expect(await own.guess(email, 6)).toEqual([...five, 429])
  })

  it('from behind the same address does not hold that browser either', async () => {
    const { email } = await account()
    const own = browser()
    await own.signIn(email, PASSWORD)
    const neighbour = browser(own.address)
    expect((await neighbour.guess(email, 6)).at(-1)).toBe(429)
    for (let i = 0; i < 20; i++) await neighbour.signIn(`x-${i}@example.com`, 'a wrong password')
    expect((await neighbour.signIn('y@example.com', 'a wrong password')).status).toBe(429)
    expect((await own.signIn(email, PASSWORD)).status).toBe(200)
  })

  it('is not helped by a cookie that somebody made, or has for another account', async () => {
    const [victim, thief] = [await account(), await account()]
    const own = browser()
    await own.signIn(thief.email, PASSWORD)
    await siege(victim.email)
    expect((await own.signIn(victim.email, PASSWORD)).status).toBe(429)
    const made = own.jar.get('fleet.device') ?? ''
    for (const value of [
      `${made.slice(0, -1)}A`,
      'x',
      '',
      `${'A'.repeat(16)}.${'A'.repeat(43)}`,
      '%00',
      'a=b',
    ]) {
      own.jar.set('fleet.device', value)
      expect([value, (await own.signIn(victim.email, PASSWORD)).status]).toEqual([value, 429])
    }
  })

  it('ends with a link by mail, whose browser is no stranger from then on', async () => {
    const { email, id } = await account()
    await siege(email)
    const { keys, connection } = service.services
    await service.visitor().post('/password-resets', { email })
    await service.services.accountRounds.run()
    const doc = await connection.collection('accounts').findOne({ email })
    const token = keys.mac('link', `reset|${id}|${doc?.reset.nonce}`)
    const answer = await service.visitor().post('/links/redeem', { token, password: 'a new long password' })
    expect(answer.status).toBe(204)
    const own = browser()
    const [, value = ''] = /fleet\.device=([^;]*)/.exec(answer.headers.getSetCookie().join()) ?? []
    own.jar.set('fleet.device', value)
    expect((await browser().signIn(email, 'a new long password')).status).toBe(429)
    expect((await own.signIn(email, 'a new long password')).status).toBe(200)
  })

  it('remembers several people of one browser, in a cookie that scripts and other sites do not get', async () => {
    const people = [await account(), await account(), await account()]
    const own = browser()
    for (const { email } of people) {
      const { headers } = await own.signIn(email, PASSWORD)
      const cookie = headers.getSetCookie().find((c) => c.startsWith('fleet.device=')) ?? ''
      expect(cookie).toMatch(/HttpOnly/)
      expect(cookie).toMatch(/SameSite=Lax/)
      expect(cookie).not.toContain(email)
    }
    const { headers } = await own.signIn(people[0]?.email ?? '', PASSWORD)
    expect(headers.getSetCookie().some((c) => c.startsWith('fleet.device='))).toBe(false)
  })
})

describe('the pauses', () => {
  it('grow with each failure, survive a restart, and are forgotten in the end', async () => {
    const { email } = await account()
    const address = newAddress()
    const thief = () => browser(address)
    await thief().guess(email, 5)
    const pauses: number[] = []
    for (let i = 0; i < 7; i++) {
      const { status, headers } = await thief().signIn(email, 'a wrong password')
      expect(status).toBe(429)
      const seconds = Number(headers.get('retry-after'))
      pauses.push(seconds)
      await wait((seconds + 1) * SECOND)
      expect((await thief().signIn(email, 'a wrong password')).status).toBe(401)
    }
    const expected = [30, 60, 120, 240, 480, 900, 900]
    for (const [i, seconds] of pauses.entries()) {
      expect(seconds).toBeGreaterThan((expected[i] ?? 0) - 20)
      expect(seconds).toBeLessThanOrEqual(expected[i] ?? 0)
    }
    expect((await thief().signIn(email, PASSWORD)).status).toBe(429)
    await wait(25 * 3600 * SECOND)
    expect(await thief().guess(email, 6)).toEqual([...five, 429])
    // Counters that have expired do not stay.
    await wait(25 * 3600 * SECOND)
    await expect.poll(() => throttles().countDocuments()).toBe(0)
  })
})

describe('how long an answer takes', () => {
  it('tells nothing of whether an address is known', async () => {
    const { email } = await account()
    const time = async (address: string) => {
      const { signIn } = browser()
      const begun = performance.now()
      await signIn(address, 'a wrong password')
      return performance.now() - begun
    }
    await service.quiet()
    await time(email)
    const known: number[] = []
    const unknown: number[] = []
    for (let i = 0; i < 25; i++) {
      known.push(await time(email))
      unknown.push(await time(`unknown-${i}@example.com`))
    }
    // Without a password to check, an answer takes a small part of the time.
    // The quickest of many: what a busy machine adds is not in it.
    const ratio = Math.min(...unknown) / Math.min(...known)
    expect(ratio).toBeGreaterThan(0.6)
    expect(ratio).toBeLessThan(1.6)
  })
})
