import { isSameSecret, type Keys } from '../accounts/keys.ts'
import { Problem } from '../http/problem.ts'
import type { MailRecipients } from './recipients.ts'
import { type MailTopic, mailTopic, type Recipient, type Subscription } from './schema.ts'

interface Parts {
  keys: Keys
  recipients: MailRecipients
  /** where people reach the service; '' while it is not known */
  address: () => string
}

/**
 * Links by which a recipient ends a kind of mail without signing in (RFC 8058). They name recipient and topic and are
 * signed, so that nobody ends another's mails; they never expire, as a mail may be opened years later.
 */
export class Unsubscribe {
  private readonly parts: Parts

  constructor(parts: Parts) {
    this.parts = parts
  }

  /**
   * The address that ends a topic for a recipient: a POST ends it, a GET leads to the page that asks.
   * @returns undefined while the service has no address
   */
  urlFor(recipient: string, topic: MailTopic): string | undefined {
    const address = this.parts.address()
    if (address === '') return undefined
    return `${address.replace(/\/+$/, '')}/api/v1/unsubscribe?token=${this.token(recipient, topic)}`
  }

  private token(recipient: string, topic: MailTopic): string {
    return `${recipient}.${topic}.${this.parts.keys.mac('unsubscribe', `${recipient}|${topic}`)}`
  }

  /** What a link is about. @throws Problem 404 for a link that is none, or whose recipient is gone */
  async read(token: string): Promise<Subscription> {
    const { id, topic } = this.opened(token)
    return this.state(id, topic)
  }

  /**
   * Ends or resumes what a link is about. Twice is once.
   * @throws Problem 404
   */
  async choose(
    token: string,
    wanted: boolean,
  ): Promise<{ recipient: Recipient; subscription: Subscription }> {
    const { id, topic } = this.opened(token)
    const { recipients } = this.parts
    await this.state(id, topic)
    await recipients.choose(id, topic, wanted)
    const found = await recipients.stateOf(id, topic)
    if (!found) throw gone()
    return { recipient: found.recipient, subscription: viewOf(topic, found) }
  }

  private async state(id: string, topic: MailTopic): Promise<Subscription> {
    const found = await this.parts.recipients.stateOf(id, topic)
    if (!found) throw gone()
    return viewOf(topic, found)
  }

  private opened(token: string): { id: string; topic: MailTopic } {
    const [id = '', word] = token.split('.')
    const topic = mailTopic.safeParse(word)
    if (!topic.success || !/^[0-9a-f]{24}$/.test(id)) throw gone()
    if (!isSameSecret(this.token(id, topic.data), token)) throw gone()
    return { id, topic: topic.data }
  }
}

const gone = () => new Problem(404, 'unsubscribe.invalid', 'This link ends nothing')

const viewOf = (
  topic: MailTopic,
  { recipient, wanted }: { recipient: Recipient; wanted: boolean },
): Subscription => ({ topic, wanted, email: veiled(recipient.email), language: recipient.language })

/** An address that its owner knows and a finder of the link does not learn: `l***@example.cn`. */
function veiled(email: string): string {
  const at = email.lastIndexOf('@')
  return `${email.slice(0, 1)}***${email.slice(at)}`
}
