import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LedgerClock } from '../../server/changes/ledger-clock.ts'
import type { Compliance } from '../../server/compliance/schema.ts'
import type { Policy } from '../../server/domain/policy.ts'
import type { ProblemBody } from '../../server/http/schema.ts'
import type { ImportView } from '../../server/imports/schema.ts'
import type {
  PolicyDocument,
  PolicyPreview,
  PolicyVersion,
  PolicyView,
} from '../../server/policies/schema.ts'
import { type Client, csvOf, type Page, person, plateOf, vehicleOf, vinOf } from '../harness/client.ts'
import { NANPING } from '../harness/policies.ts'
import { startTestService, type TestService } from '../harness/service.ts'

/** The policy, its versions, and what a new one changes. */
let service: TestService
let admin: Client
beforeAll(async () => {
  service = await startTestService()
  admin = service.admin
  const taxi = { category: 'cruising-taxi', emission: '' }
  const bought = (n: number, energy: string) => ({
    ...vehicleOf(n, { ...taxi, energy, ...(energy === 'BEV' ? {} : { emission: '6' }) }),
    ...{ kind: 'replaced', on: '2025-03-01', replaces: plateOf(n - 100) },
  })
  const old = (n: number) => ({
    ...vehicleOf(n, { category: 'cruising-taxi', energy: 'gasoline' }),
    kind: 'stock',
  })
  await admin.record('stock.csv', csvOf([1, 2, 3, 4].map(old)))
  await admin.record(
    'changes.csv',
    csvOf([
      ...[101, 102, 103].map((n) => bought(n, 'BEV')),
      bought(104, 'HEV'),
      ...[201, 202].map((n) => ({ ...vehicleOf(n, { emission: '4' }), kind: 'stock' })),
      ...[201].map((n) => ({ vin: vinOf(n), kind: 'retired', on: '2025-04-01', reason: 'scrapped' })),
      { ...vehicleOf(310, { energy: 'BEV' }), kind: 'replaced', on: '2025-05-02', replaces: plateOf(202) },
      ...[301, 302, 303].map((n) => ({
        ...vehicleOf(n, { emission: '6' }),
        kind: 'added',
        on: '2025-05-01',
      })),
    ]),
  )
})
afterAll(() => service.close())

const present = async (): Promise<PolicyView> => (await admin.get<PolicyView>('/policy')).body
/** The policy in force with some of it changed. */
const draft = async (change: (policy: Policy) => void): Promise<Policy> => {
  const { policy } = await present()
  change(policy)
  return policy
}
const aim = (id: string, target: number) => (policy: Policy) => {
  const rule = policy.rules.find((r) => r.id === id)
  if (rule && rule.kind !== 'rising-share') rule.target = target
}
const choose = (id: string, option: string) => (policy: Policy) => {
  const reading = policy.readings.find((r) => r.id === id)
  if (reading) reading.chosen = option
}
const publish = <T = PolicyVersion>(policy: Policy, note = '市政府办公室通知') =>
  admin.post<T>('/policy/versions', { policy, note })
const preview = <T = PolicyPreview>(policy: unknown) => admin.post<T>('/policy/preview', { policy })
const of = (figures: { id: string }[], id: string) => figures.find((f) => f.id === id)

describe('GET /policy', () => {
  it('gives what ships, as it ships, with the rules as they are counted', async () => {
    const { policy, rules, versions } = await present()
    expect(policy).toEqual(NANPING)
    expect(rules.map((r) => r.id)).toEqual(policy.rules.map((r) => r.id))
    expect(rules.find((r) => r.id === 'taxi-renewal')?.readings).toEqual([
      { zh: '巡游出租车与网约车合并计算', en: 'Cruising taxis and ride-hailing pooled' },
    ])
    expect(versions).toEqual([{ version: 1, takesEffectAt: null, recordedBy: null, note: null, changed: [] }])
  })

  it('is read by everybody, changed by administrators only', async () => {
    const policy = await draft(aim('taxi-renewal', 90))
    for (const role of ['officer', 'county-officer', 'viewer', 'operator'] as const) {
      const somebody = await person(service, { role })
      expect([role, (await somebody.get('/policy')).status]).toEqual([role, 200])
      for (const path of ['/policy/preview', '/policy/versions'])
        expect([role, path, (await somebody.post(path, { policy, note: 'x' })).status]).toEqual([
          role,
          path,
          403,
        ])
    }
    expect((await service.visitor().get('/policy')).status).toBe(401)
  })
})

describe('a draft', () => {
  it('is shown with what it would change, and changes nothing', async () => {
    const policy = await draft((p) => {
      aim('taxi-renewal', 80)(p)
      choose('old-truck', 'up-to-4')(p)
    })
    const { body } = await preview(policy)
    expect(of(body.before, 'taxi-renewal')).toMatchObject({ value: 75, target: 70, status: 'on-track' })
    expect(of(body.after, 'taxi-renewal')).toMatchObject({ value: 75, target: 80, status: 'behind' })
    expect(of(body.before, 'old-diesel-trucks-retired')).toMatchObject({ value: 0 })
    expect(of(body.after, 'old-diesel-trucks-retired')).toMatchObject({ value: 2 })
    expect(body.changed.map((c) => [c.part, c.id, c.before, c.after])).toEqual([
      ['target', 'taxi-renewal', 70, 80],
      [
        'reading',
        'old-truck',
        { zh: '“老旧”指国三及以下', en: '“Old” means emission standard 3 or lower' },
        { zh: '“老旧”指国四及以下', en: '“Old” means emission standard 4 or lower' },
      ],
    ])
    expect((await admin.figures())['taxi-renewal']).toMatchObject({ target: 70 })
    expect((await present()).versions).toHaveLength(1)
  })

  it('counted apart becomes two rules', async () => {
    const { body } = await preview(await draft(choose('taxi-pooling', 'apart')))
    expect(of(body.after, 'taxi-renewal')).toBeUndefined()
    expect(of(body.after, 'cruising-taxi-renewal')).toMatchObject({ numerator: 3, denominator: 4 })
    expect(of(body.after, 'ride-hailing-renewal')).toMatchObject({ status: 'no-data', target: 70 })
  })

  it.each<[string, (p: Policy) => void, string]>([
    ['a target above 100 %', aim('taxi-renewal', 101), 'body.policy.rules.1.target'],
    ['a target of 0', aim('taxi-renewal', 0), 'body.policy.rules.1.target'],
    ['half a truck', aim('old-diesel-trucks-retired', 1.5), 'body.policy.rules.2.target'],
    [
      'a period that ends first',
      (p) => {
        p.period.to = '2023-01-01'
      },
      'body.policy.period',
    ],
    [
      'a date that is none',
      (p) => {
        p.period.to = '2027-02-30'
      },
      'body.policy.period.to',
    ],
    ['a reading that nobody offers', choose('old-truck', 'up-to-9'), 'body.policy.readings.1.chosen'],
    [
      'a life of no years',
      (p) => {
        p.serviceLives[0] = { category: 'bus', years: 0, source: 'x' }
      },
      'body.policy.serviceLives.0.years',
    ],
    [
      'two lives of the same',
      (p) => {
        p.serviceLives.push({ category: 'bus', years: 9, source: 'x' })
      },
      'body.policy.serviceLives.5',
    ],
    [
      'no days to report',
      (p) => {
        p.reportingDays = 0
      },
      'body.policy.reportingDays',
    ],
    [
      'milestones that fall',
      (p) => {
        const r = p.rules[2]
        if (r?.kind === 'count')
          r.milestones = [
            { on: '2025-01-01', value: 200 },
            { on: '2026-01-01', value: 100 },
          ]
      },
      'body.policy.rules.2.milestones',
    ],
    [
      'a milestone above the target',
      (p) => {
        const r = p.rules[2]
        if (r?.kind === 'count') r.milestones = [{ on: '2025-01-01', value: 401 }]
      },
      'body.policy.rules.2.milestones',
    ],
    [
      'a region that goes',
      (p) => {
        p.regions.pop()
      },
      'body.policy.regions',
    ],
    [
      'a region outside',
      (p) => {
        p.regions.push({ code: '350602', name: '外', english: 'X', aliases: [], statutory: true })
      },
      'body.policy.regions',
    ],
  ])('is refused with %s, naming the field', async (_, change, path) => {
    const policy = await draft(change)
    for (const answer of [await preview<ProblemBody>(policy), await publish<ProblemBody>(policy)]) {
      expect(answer.status).toBe(400)
      expect(answer.body.errors.map((e) => e.path)).toContain(path)
      for (const e of answer.body.errors) expect(e.message).not.toMatch(/^policy\./)
    }
    expect((await present()).versions).toHaveLength(1)
  })

  it('is refused when it is of another city, of a former version, says nothing new, or gives no grounds', async () => {
    const same = await present()
    expect((await publish(same.policy)).body).toMatchObject({ code: 'policy.unchanged' })
    const other = { ...same.policy, id: 'other-2026' }
    expect((await publish(other)).body).toMatchObject({ code: 'policy.other-city' })
    expect((await publish({ ...same.policy, version: 7 })).body).toMatchObject({ code: 'policy.superseded' })
    const changed = await draft(aim('taxi-renewal', 71))
    const without = await admin.post<ProblemBody>('/policy/versions', { policy: changed, note: ' ' })
    expect(without.body.errors[0]).toMatchObject({ path: 'body.note', code: 'policy.note' })
    for (const body of [undefined, {}, { policy: null }, { policy: [] }, { policy: {}, note: 'x' }])
      expect((await admin.post('/policy/versions', body)).status).toBe(400)
  })
})

describe('a new version', () => {
  it('is the policy from then on, and the past keeps the one it was made with', async () => {
    const before = (await admin.get<Compliance>('/compliance')).body
    const kept = await service.services.compliance.freeze({ now: service.services.clock.now() })
    const policy = await draft((p) => {
      aim('taxi-renewal', 80)(p)
      choose('freight-added', 'replaced-too')(p)
      choose('battery-unit', 'vehicles')(p)
      p.reportingDays = 20
    })
    const made = await publish(policy)
    expect(made).toMatchObject({ status: 201, body: { version: 2, note: '市政府办公室通知' } })
    const after = (await admin.get<Compliance>('/compliance')).body
    expect(after.policy).toMatchObject({ version: 2 })
    expect(of(after.rules, 'taxi-renewal')).toMatchObject({ value: 75, target: 80, status: 'behind' })
    expect(of(after.rules, 'bus-batteries-swapped')).toMatchObject({ unit: 'vehicles' })
    for (const { asOf, knownAt } of [before, kept]) {
      const again = await admin.get<Compliance>(
        `/compliance?asOf=${asOf}&knownAt=${encodeURIComponent(knownAt)}`,
      )
      expect(again.body.policy.version).toBe(1)
      expect(of(again.body.rules, 'taxi-renewal')).toEqual(of(kept.rules, 'taxi-renewal'))
    }
    const takesEffectAt = made.body.takesEffectAt ?? ''
    const at = async (ms: number) => {
      const knownAt = encodeURIComponent(new Date(Date.parse(takesEffectAt) + ms).toISOString())
      return (await admin.get<Compliance>(`/compliance?knownAt=${knownAt}`)).body.policy.version
    }
    expect([await at(-1), await at(0)]).toEqual([1, 2])
    const named = await admin.get<Compliance>('/compliance?policyVersion=1')
    expect(of(named.body.rules, 'taxi-renewal')).toMatchObject({ target: 70, status: 'on-track' })
    expect((await admin.get('/compliance?policyVersion=3')).body).toMatchObject({
      code: 'policy.unknown-version',
    })
    const evidence = '/compliance/freight-vehicles-added/evidence'
    const count = async (query: string) =>
      (await admin.get<{ total: number }>(`${evidence}/count${query}`)).body.total
    expect([await count(''), await count('?policyVersion=1')]).toEqual([4, 3])
    const listed = async (more: string) => {
      const list = `/changes?limit=200&rule=freight-vehicles-added${more}`
      const { items } = (await admin.get<Page<{ id: string }>>(list)).body
      const counted = await admin.get<{ total: number }>(list.replace('?limit=200&', '/count?'))
      return [items.length, counted.body.total]
    }
    const knownAt = (ms: number) =>
      `&knownAt=${encodeURIComponent(new Date(Date.parse(takesEffectAt) + ms).toISOString())}`
    expect([await listed(''), await listed(knownAt(-1)), await listed(knownAt(0))]).toEqual([
      [4, 4],
      [3, 3],
      [4, 4],
    ])
  })

  it('is listed with what changed, who made it and why; its document and the former one can be had', async () => {
    const { items } = (await admin.get<{ items: PolicyVersion[] }>('/policy/versions')).body
    expect(items.map((v) => v.version)).toEqual([2, 1])
    expect(items[0]).toMatchObject({ note: '市政府办公室通知', recordedBy: expect.any(String) })
    expect(items[0]?.changed.map((c) => c.part)).toEqual(['target', 'reading', 'reading', 'reporting-days'])
    const former = (await admin.get<PolicyDocument>('/policy/versions/1')).body
    expect(former.policy).toEqual(NANPING)
    expect((await admin.get('/policy/versions/9')).status).toBe(404)
    expect((await admin.get('/policy/versions/x')).status).toBe(400)
    const log = (
      await admin.get<{ items: { action: string; detail: unknown }[] }>('/audit?action=policy.publish')
    ).body
    expect(log.items[0]).toMatchObject({
      action: 'policy.publish',
      target: { kind: 'policy', id: 'nanping-2024@2' },
    })
  })

  it('is made once of two that are sent at the same time', async () => {
    const policy = await draft(aim('taxi-renewal', 85))
    const answers = await Promise.all([publish(policy), publish(policy), publish(policy)])
    expect(answers.map((a) => a.status).sort()).toEqual([201, 409, 409])
    expect((await present()).versions[0]?.version).toBe(3)
  })

  it('is noticed by the thread that checks lists, and lasts over a restart', async () => {
    const policy = await draft((p) => {
      p.regions.push({
        code: '3507XC',
        name: '新城区',
        english: 'Xincheng',
        aliases: ['新城'],
        statutory: false,
      })
    })
    expect((await publish(policy, '新设功能区')).status).toBe(201)
    const row = { ...vehicleOf(401), kind: 'added', on: '2025-06-01', county: '新城' }
    const counts = async (name: string) => (await admin.check(name, csvOf([row]))).counts
    await expect.poll(() => counts(`${Math.random()}.csv`)).toMatchObject({ new: 1, error: 0 })
    await service.restart()
    await admin.signIn('admin@example.com', 'a good long password')
    expect((await present()).policy).toMatchObject({ version: 4 })
    expect(
      (await admin.get<{ items: { code: string }[] }>('/regions')).body.items.map((r) => r.code),
    ).toContain('3507XC')
  })

  it('takes effect although its maker died before saying that it was done', async () => {
    const { connection, clock, policies } = service.services
    const { policy } = await present()
    const ledger = new LedgerClock(connection)
    const stamp = await ledger.begin('policy:nanping-2024@5', clock.now(), [], -1)
    const next = { ...policy, version: 5, reportingDays: 45 }
    await connection.collection('policies').insertOne({
      _id: 'nanping-2024@5',
      policy: next,
      takesEffectAt: stamp,
      recordedBy: null,
      note: 'x',
    } as never)
    expect((await policies.at(new Date(stamp.getTime() - 1))).version).toBe(4)
    await service.services.changes.recover()
    await expect.poll(async () => (await admin.get<Compliance>('/compliance')).body.policy.version).toBe(5)
    expect((await admin.get<PolicyView>('/policy')).body.policy.reportingDays).toBe(45)
  })

  it('counts anew what a list that waits would move, whatever it was checked under', async () => {
    const bus = vehicleOf(501, { category: 'bus', energy: 'BEV' })
    await admin.record('bus.csv', csvOf([{ ...bus, kind: 'stock' }]))
    const swap = { vin: bus.vin, kind: 'battery-swap', on: '2025-06-02', packs: 3 }
    const { id } = await admin.check('swap.csv', csvOf([swap]))
    const moved = async () => {
      const { status, effects } = (await admin.get<ImportView>(`/imports/${id}`)).body
      const effect = effects.find((e) => e.rule === 'bus-batteries-swapped')
      return [status, (effect?.after.value ?? 0) - (effect?.before.value ?? 0)]
    }
    await expect.poll(moved).toEqual(['checked', 1])
    expect((await publish(await draft(choose('battery-unit', 'packs')))).status).toBe(201)
    await expect.poll(moved).toEqual(['checked', 3])
    // What was kept is of the new version by now.
    const kept = service.services.connection.collection('import-moves')
    const { version } = (await present()).policy
    expect(await kept.countDocuments({ policyVersion: version })).toBe(1)
    await kept.updateMany({}, { $unset: { policyVersion: '' } })
    await expect.poll(moved).toEqual(['checked', 3])
    expect((await publish(await draft(choose('battery-unit', 'vehicles')))).status).toBe(201)
    await expect.poll(() => Promise.all([moved(), moved(), moved()])).toEqual(Array(3).fill(['checked', 1]))
  })

  it('is what a change is counted by as well as judged by, when another process published it just now', async () => {
    const { connection, clock } = service.services
    const former = (await present()).policy
    const policy = { ...former, version: former.version + 1 }
    choose('battery-unit', 'packs')(policy)
    const _id = `${policy.id}@${policy.version}`
    const ledger = new LedgerClock(connection)
    const takesEffectAt = await ledger.begin(_id, clock.now())
    const doc = { _id, policy, takesEffectAt, recordedBy: null, note: 'x' }
    await connection.collection('policies').insertOne(doc as never)
    await ledger.finish(_id)
    const swap = { kind: 'battery-swap', on: '2025-06-02', packs: 3, vehicle: { vin: vinOf(501) } }
    const { effects } = (await admin.change(swap, '?dryRun=true')).body
    const effect = effects.find((e) => e.rule === 'bus-batteries-swapped')
    expect((effect?.after.value ?? 0) - (effect?.before.value ?? 0)).toBe(3)
    expect((await publish(await draft(choose('battery-unit', 'vehicles')))).status).toBe(201)
  })

  it('with rules of its own has them in lists of what was known since, and the former ones before', async () => {
    const { body } = await publish(await draft(choose('taxi-pooling', 'apart')))
    const since = Date.parse(body.takesEffectAt ?? '')
    const status = async (path: string, rule: string, ms?: number) => {
      const knownAt = ms === undefined ? '' : `&knownAt=${new Date(since + ms).toISOString()}`
      return (await admin.get(`${path}?rule=${rule}${knownAt}`)).status
    }
    const all = (rule: string) => Promise.all([undefined, 0, -1].map((ms) => status('/changes', rule, ms)))
    expect(await all('taxi-renewal')).toEqual([404, 404, 200])
    expect(await all('cruising-taxi-renewal')).toEqual([200, 200, 404])
    expect(await status('/changes.csv', 'cruising-taxi-renewal', -1)).toBe(404)
    expect(await status('/changes.csv', 'taxi-renewal', -1)).toBe(200)
    expect((await publish(await draft(choose('taxi-pooling', 'pooled')))).status).toBe(201)
  })
})

describe('the setting POLICY', () => {
  it('must name a policy that ships, and the one that the database holds', async () => {
    await expect(startTestService({ POLICY: 'nowhere-1999' })).rejects.toThrow('nowhere-1999')
    await expect(service.restart({ POLICY: 'linhai-2025' })).rejects.toThrow('nanping-2024')
    await service.restart({ POLICY: 'nanping-2024' })
  })
})
