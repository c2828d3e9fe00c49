import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../server/audit/schema.ts'
import type { Page } from '../harness/client.ts'
import { ADMIN, startTestService, type TestService } from '../harness/service.ts'

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.close())

const entries = async (query = '') => (await service.admin.get<Page<AuditEntry>>(`/audit${query}`)).body.items

describe('the audit log', () => {
  it('records a sign-in and a failed one, with the address that was typed and never the password', async () => {
    const visitor = service.visitor()
    await visitor.post('/session', { email: 'nobody@example.com', password: 'guessed it' })
    const [failed, signedIn] = await entries('?action=session.open')
    expect(failed).toMatchObject({
      actor: null,
      outcome: 'refused',
      status: 401,
      problem: 'session.wrong-credentials',
      target: { kind: 'account', label: 'nobody@example.com' },
      address: '127.0.0.1',
    })
    expect(signedIn).toMatchObject({ actor: { email: ADMIN.email }, outcome: 'done', status: 200 })
    expect(JSON.stringify([failed, signedIn])).not.toMatch(/guessed it|a good long password/)
  })
})
