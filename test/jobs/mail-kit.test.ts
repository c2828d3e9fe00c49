import { expect, it } from 'vitest'
import compiled from '../../jobs/mail/kit/blocks.json' with { type: 'json' }
import { composeMail, type MailContent } from '../../jobs/mail/kit/index.ts'
import { compileBlocks } from '../../scripts/mail-blocks.ts'

const mail = (blocks: MailContent['blocks'], more: Partial<MailContent> = {}): MailContent => ({
  ...{
    language: 'en',
    subject: 'A subject',
    preheader: 'In short',
    product: 'Ledger',
    title: 'Title',
    blocks,
  },
  footer: { why: 'Because.' },
  ...more,
})

it('has the blocks that MJML makes of its layout today', async () => {
  // After an edit of blocks.mjml: node --import tsx scripts/mail-blocks.ts
  expect(compiled).toEqual(await compileBlocks())
})

it('says everything in both parts, and shows nothing of what users wrote as markup', () => {
  const nasty = '<img src=x onerror=alert(1)> & "co" {{title}} $& $1'
  const { html, text } = composeMail(
    mail([
      {
        kind: 'status',
        tone: 'bad',
        headline: `H ${nasty}`,
        points: [{ text: nasty, href: 'https://a.example/?a=1&b=2' }],
      },
      {
        kind: 'tiles',
        tiles: Array.from({ length: 5 }, (_, i) => ({
          value: `v${i}`,
          label: `l${i}`,
          tone: 'good' as const,
        })),
      },
      { kind: 'heading', text: 'Facts' },
      { kind: 'facts', facts: [['Operator', nasty]] },
      {
        kind: 'table',
        columns: [{ text: 'Name' }, { text: 'Now' }],
        rows: [{ cells: [nasty, '63/91'], note: 'noted' }],
      },
      { kind: 'list', items: [nasty] },
      { kind: 'button', text: 'Open', href: 'https://a.example/b?x="y"' },
    ]),
  )
  expect(text.split(nasty).length - 1).toBe(5)
  expect(text).toContain(`! ${nasty}\n  https://a.example/?a=1&b=2\n`)
  expect(text).toContain('== Facts ==\nOperator: ')
  expect(text).toContain('Now 63/91\n  noted')
  expect(text).toContain('l0 v0; l1 v1; l2 v2; l3 v3; l4 v4')
  expect(text).toContain('Open: \nhttps://a.example/b?x="y"')
  expect(html).not.toContain('<img')
  expect(
    html.split('&lt;img src=x onerror=alert(1)&gt; &amp; &quot;co&quot; {{title}} $&amp; $1').length - 1,
  ).toBe(5)
  for (const word of [
    '63/91',
    'noted',
    'v4',
    'l4',
    'href="https://a.example/?a=1&amp;b=2"',
    'href="https://a.example/b?x=&quot;y&quot;"',
  ]) {
    expect(html).toContain(word)
  }
})

it('leaves the place of each recipient’s own address to end a subscription, where there is one', () => {
  const { html, text } = composeMail(
    mail([], { footer: { why: 'Because.', unsubscribe: true, settings: 'https://a.example/me' } }),
  )
  expect(html).toContain('href="__own:unsubscribe__"')
  expect(text).toContain('Unsubscribe from mails of this kind: __own:unsubscribe__')
  expect(text).toContain('Mail settings: https://a.example/me')
  expect(composeMail(mail([])).html).not.toContain('__own')
})
