import { describe, expect, it } from 'vitest'
import { ownWords, passwordJudge } from '../../client/src/pages/entrance/strength.ts'
import { deviceOf } from '../../client/src/pages/me/agent.ts'

describe('what a session’s device is called', () => {
  const CHROME = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0'
  it.each([
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROME} Safari/537.36 Edg/137.0.0.0`,
      'Edge 137 · Windows 10',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
      'Mobile Safari 17 · iOS 17.5 · Apple iPhone',
    ],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox 140 · Linux'],
    ['curl/8.5.0', 'curl/8.5.0'],
    ['', ''],
    ['   ', ''],
  ])('%s', (agent, name) => {
    expect(deviceOf(agent)).toBe(name)
  })

  it('is short, whatever a program calls itself', () => {
    expect(deviceOf('x'.repeat(5000)).length).toBeLessThanOrEqual(60)
  })
})

describe('how hard a password is to guess', () => {
  it.each([
    ['password123', 0],
    ['aaaaaaaaaaaa', 0],
    ['松溪 竹筏 二十七 号码头', 4],
    ['correct horse battery staple pond', 4],
  ])('%s', async (password, level) => {
    const judge = await passwordJudge()
    expect(judge(password, []).level).toBe(level)
  })

  it('says when it holds one’s own name or address', async () => {
    const judge = await passwordJudge()
    const own = ownWords({ name: '黄晓明', email: 'huangxiaoming@transport.example.cn' })
    expect(own).toEqual(['黄晓明', 'huangxiaoming', 'transport', 'example'])
    expect(judge('huangxiaoming', own)).toMatchObject({ level: 0, warning: 'strength.userInputs' })
    expect(judge('huangxiaoming', []).warning).not.toBe('strength.userInputs')
  })
})
