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
    ['550 5.1.1 User unknown, see our policy', true],
    ['550 5.1.1 User unknown', true],
    ['550 5.2.1 Mailbox disabled', true],
    ['553 5.1.3 bad address syntax', true],
    ['554 delivery error: This user does not have an account', true],
    ['550 用户不存在', true],
    ['552 5.2.2 mailbox full', false],
    ['550 5.4.1 Recipient address rejected: Access denied', false],
    ['501 syntax error', false],
  ])('%s blames the address: %s', (response, blamed) => {
    expect(at('RCPT TO', response)).toMatchObject({ final: true, address: blamed, server: false })
  })

  test.each([
    ['RCPT TO', '550 5.7.1 Relaying denied'],
    ['RCPT TO', '550 relay not permitted'],
    ['RCPT TO', '550 5.7.26 sender failed DMARC'],
    ['RCPT TO', '550 SPF check failed'],
    ['RCPT TO', '550 Access denied'],
    ['RCPT TO', '530 5.7.0 Authentication required'],
    ['RCPT TO', '550 5.1.8 sender domain does not exist'],
    ['MAIL FROM', '530 5.7.0 Authentication required'],
    ['MAIL FROM', '550 5.7.1 sender not allowed'],
    ['MAIL FROM', '550 no such user'],
    ['DATA', '554 5.7.1 blocked: sender IP on a block list'],
    ['DATA', '554 blocked using a blacklist'],
  ])('%s %s blames us: it is tried again, and is the server’s fault', (command, response) => {
    const code = command === 'DATA' ? 'EMESSAGE' : 'EENVELOPE'
    expect(at(command, response, code)).toMatchObject({ final: false, address: false, server: true })
  })

  test('what is refused for its size or content is refused for good, and blames no address', () => {
    const refused = { final: true, address: false, server: false }
    expect(at('MAIL FROM', '552 5.3.4 message size exceeds fixed limit')).toMatchObject(refused)
    expect(at('DATA', '554 no such user', 'EMESSAGE')).toMatchObject(refused)
    expect(at('DATA', '554 5.6.0 the content is not acceptable', 'EMESSAGE')).toMatchObject(refused)
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
