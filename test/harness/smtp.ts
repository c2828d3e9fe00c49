/** A real SMTP server for tests, which behaves as it is told and keeps what it was given. */
import type { AddressInfo, Socket } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'

/**
 * What it does with a mail, or with a connection:
 * - `accept` takes it; `hang` says nothing at all, not even hello
 * - at the recipient: `refuse-later` answers 451, `refuse` 550, `refuse-relay` 550 5.7.1, `hang-recipient` nothing
 * - at the sender: `refuse-sender` answers 550
 * - at the content: `refuse-content` answers 554, `later-content` 451, `cut-middle` breaks the connection while the mail
 *   is being handed over, `cut` takes it and breaks the connection before saying so, `hold` takes it and says nothing
 * - `goodbye` takes it and ends the connection as if it had been idle for too long
 */
export type Behaviour =
  | 'accept'
  | 'hang'
  | 'refuse-later'
  | 'refuse'
  | 'refuse-relay'
  | 'hang-recipient'
  | 'refuse-sender'
  | 'refuse-content'
  | 'later-content'
  | 'cut-middle'
  | 'cut'
  | 'hold'
  | 'goodbye'

/** A mail that the server accepted (or took, when it cut or held the connection). */
export interface Received {
  to: string[]
  mail: ParsedMail
  raw: string
}

export interface TestSmtp {
  url: string
  received: Received[]
  /** what was asked for at the recipient, whatever became of it */
  recipients: string[]
  /** how many connections came in */
  connections(): number
  /** @param address only towards this recipient */
  behave(behaviour: Behaviour, address?: string): void
  /** answers that it took the mails that it holds */
  release(): void
  close(): Promise<void>
}

const AT_RECIPIENT: Partial<Record<Behaviour, [number, string]>> = {
  'refuse-later': [451, 'mailbox busy, try later'],
  refuse: [550, 'no such mailbox'],
  'refuse-relay': [550, '5.7.1 Relaying denied'],
}
const AT_CONTENT: Partial<Record<Behaviour, [number, string]>> = {
  'refuse-content': [554, '5.6.0 the content is not acceptable'],
  'later-content': [451, '4.3.2 try later'],
}

/** @param port a fixed one, to come back where a server was before */
export async function startSmtp(behaviour: Behaviour = 'accept', port = 0): Promise<TestSmtp> {
  let present = behaviour
  let connections = 0
  const towards = new Map<string, Behaviour>()
  const received: Received[] = []
  const recipients: string[] = []
  const sockets = new Set<Socket>()
  const held: (() => void)[] = []
  const towardsThose = ({ envelope }: SMTPServerSession) =>
    envelope.rcptTo.map(({ address }) => towards.get(address)).find(Boolean) ?? present
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    // Every answer is as it is told.
    hideENHANCEDSTATUSCODES: true,
    closeTimeout: 100,
    onConnect(_session, callback) {
      connections += 1
      if (present !== 'hang') callback()
    },
    onMailFrom(_address, _session, callback) {
      callback(present === 'refuse-sender' ? answer(550, 'sender rejected') : undefined)
    },
    onRcptTo({ address }, _session, callback) {
      recipients.push(address)
      const does = towards.get(address) ?? present
      const refusal = AT_RECIPIENT[does]
      if (refusal) return callback(answer(...refusal))
      if (does !== 'hang-recipient') callback()
    },
    onData(stream, session, callback) {
      const does = towardsThose(session)
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        if (does === 'cut-middle') socketOf(server, session)?.destroy()
      })
      stream.on('end', async () => {
        if (does === 'cut-middle') return
        const refusal = AT_CONTENT[does]
        if (refusal) return callback(answer(...refusal))
        const raw = Buffer.concat(chunks)
        const mail = await simpleParser(raw)
        const to = session.envelope.rcptTo.map((recipient) => recipient.address)
        received.push({ to, mail, raw: raw.toString('latin1') })
        const socket = socketOf(server, session)
        if (does === 'cut') socket?.destroy()
        else if (does === 'hold') held.push(callback)
        else callback()
        if (does === 'goodbye') socket?.end()
      })
    },
  })
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('error', () => {})
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
  const address = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    received,
    recipients,
    connections: () => connections,
    behave(behaviour, address) {
      if (address === undefined) present = behaviour
      else towards.set(address, behaviour)
    },
    release() {
      for (const callback of held.splice(0)) callback()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((done) => server.close(() => done()))
    },
  }
}

/** The connection of a session. */
function socketOf(server: SMTPServer, session: SMTPServerSession): Socket | undefined {
  const { connections } = server as unknown as {
    connections: Set<{ session: { id: string }; _socket: Socket }>
  }
  return [...connections].find((connection) => connection.session.id === session.id)?._socket
}

const answer = (responseCode: number, message: string) => Object.assign(new Error(message), { responseCode })
