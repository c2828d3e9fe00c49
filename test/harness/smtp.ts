/** A real SMTP server for tests, which behaves as it is told and keeps what it was given. */
import type { AddressInfo, Socket } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'

/**
 * `accept`; `refuse-later` and `refuse` answer the recipient with 451 and 550; `hang` says nothing at all; `cut`
 * takes the mail and breaks the connection before saying so; `hold` takes it and says nothing.
 */
export type Behaviour = 'accept' | 'refuse-later' | 'refuse' | 'hang' | 'cut' | 'hold'

/** A mail that the server accepted (or took, when it cut or held the connection). */
export interface Received {
  to: string[]
  mail: ParsedMail
  raw: string
}

export interface TestSmtp {
  url: string
  received: Received[]
  /** how many connections came in */
  connections(): number
  behave(behaviour: Behaviour): void
  close(): Promise<void>
}

/** @param port a fixed one, to come back where a server was before */
export async function startSmtp(behaviour: Behaviour = 'accept', port = 0): Promise<TestSmtp> {
  let present = behaviour
  let connections = 0
  const received: Received[] = []
  const sockets = new Set<Socket>()
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    closeTimeout: 100,
    onConnect(_session, callback) {
      connections += 1
      if (present !== 'hang') callback()
    },
    onRcptTo(_address, _session, callback) {
      if (present === 'refuse-later') return callback(answer(451, 'mailbox busy, try later'))
      if (present === 'refuse') return callback(answer(550, 'no such mailbox'))
      callback()
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', async () => {
        const raw = Buffer.concat(chunks)
        const mail = await simpleParser(raw)
        const to = session.envelope.rcptTo.map((recipient) => recipient.address)
        received.push({ to, mail, raw: raw.toString('latin1') })
        if (present === 'cut') for (const socket of sockets) socket.destroy()
        else if (present !== 'hold') callback()
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
    connections: () => connections,
    behave: (behaviour) => {
      present = behaviour
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((done) => server.close(() => done()))
    },
  }
}

const answer = (responseCode: number, message: string) => Object.assign(new Error(message), { responseCode })
