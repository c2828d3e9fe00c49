import { describe, expect, test } from 'vitest'
import { judge } from '../../jobs/outbox/verdict.ts'

describe('the verdict on a refusal', () => {
  const at = (command: string, response: string, code = 'EENVELOPE') =>
    judge(
      Object.assign(new Error(response), {
        code,
        command,
        response,
        responseCode: Number(response.slice(0, 3)),
      }),
    )

  test.each([
    ['550 no such user', true],
    ['550 5.1.1 User unknown', true],
    ['550 5.2.1 Mailbox disabled', true],
    ['553 5.1.3 bad address syntax', true],
    ['554 delivery error: This user does not have an account', true],
    ['550 用户不存在', true],
    ['550 5.7.1 Relaying denied', false],
    ['550 relay not permitted', false],
    ['550 5.7.26 sender failed DMARC', false],
    ['550 SPF check failed', false],
    ['550 Access denied', false],
    ['552 5.2.2 mailbox full', false],
    ['530 5.7.0 Authentication required', false],
    ['550 5.1.8 sender domain does not exist', false],
    ['501 syntax error', false],
  ])('%s blames the address: %s', (response, blamed) => {
    expect(at('RCPT TO', response)).toMatchObject({ final: true, address: blamed, server: false })
  })

  test('what is refused before or after the recipient blames no address', () => {
    expect(at('MAIL FROM', '550 no such user')).toMatchObject({ final: true, address: false })
    expect(at('DATA', '554 no such user', 'EMESSAGE')).toMatchObject({ final: true, address: false })
  })

  test('passing faults, and those of the server', () => {
    expect(at('RCPT TO', '451 busy')).toMatchObject({ final: false, address: false, server: false })
    expect(at('RCPT TO', '421 closing')).toMatchObject({ final: false, server: true })
    expect(at('RCPT TO', '503 bad sequence')).toMatchObject({ final: false })
    expect(judge(Object.assign(new Error('x'), { code: 'ETIMEDOUT' }))).toMatchObject({
      ...{ final: false, server: true, error: 'ETIMEDOUT: x' },
    })
    expect(judge(Object.assign(new Error('535 no'), { code: 'EAUTH', responseCode: 535 }))).toMatchObject({
      ...{ final: false, server: true },
    })
  })
})
