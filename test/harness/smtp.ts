/** A real SMTP server for tests, which behaves as it is told and keeps what it was given. */
import type { AddressInfo, Socket } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'

/**
 * What it does with a mail, or with a connection:
 * - `accept` takes it; `hang` says nothing at all, not even hello
 * - at the recipient: `refuse-later` answers 451, `refuse` 550, `refuse-relay` 550 5.7.1, `hang-recipient` nothing;
 *   `refuse-then-cut` and `refuse-then-hang` answer 550, and the RSET after it by breaking the connection, or not at all
 * - at the sender: `refuse-sender` answers 550, `refuse-unsigned` 530
 * - at the content: `refuse-content` answers 554, `refuse-listed` 554 5.7.1 on our own address, `later-content` 451, `cut-middle` breaks the connection while the mail
 *   is being handed over, `cut` takes it and breaks the connection before saying so, `hold` takes it and says nothing
 * - `goodbye` takes it and ends the connection as if it had been idle for too long; `once` takes it, and breaks the
 *   connection when the next one is announced over it
 */
export type Behaviour =
  | 'accept'
  | 'hang'
  | 'refuse-later'
  | 'refuse'
  | 'refuse-relay'
  | 'refuse-then-cut'
  | 'refuse-then-hang'
  | 'hang-recipient'
  | 'refuse-sender'
  | 'refuse-unsigned'
  | 'refuse-content'
  | 'refuse-listed'
  | 'later-content'
  | 'cut-middle'
  | 'cut'
  | 'hold'
  | 'goodbye'
  | 'once'

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
  /** how many of them are open */
  open(): number
  /** @param address only towards this recipient */
  behave(behaviour: Behaviour, address?: string): void
  /** answers that it took the mails that it holds, or breaks their connections */
  release(how?: 'broken'): void
  close(): Promise<void>
}

const AT_RECIPIENT: Partial<Record<Behaviour, [number, string]>> = {
  'refuse-later': [451, 'mailbox busy, try later'],
  refuse: [550, 'no such mailbox'],
  'refuse-relay': [550, '5.7.1 Relaying denied'],
  'refuse-then-cut': [550, 'no such mailbox'],
  'refuse-then-hang': [550, 'no such mailbox'],
}
const AT_SENDER: Partial<Record<Behaviour, [number, string]>> = {
  'refuse-sender': [550, 'sender rejected'],
  'refuse-unsigned': [530, '5.7.0 Authentication required'],
}
const AT_CONTENT: Partial<Record<Behaviour, [number, string]>> = {
  'refuse-content': [554, '5.6.0 the content is not acceptable'],
  'refuse-listed': [554, '5.7.1 sender is on a block list'],
  'later-content': [451, '4.3.2 try later'],
}

/**
 * @param port a fixed one, to come back where a server was before
 * @param options `refuseSignIn`: asks for a sign-in, and refuses every one
 */
export async function startSmtp(
  behaviour: Behaviour = 'accept',
  port = 0,
  { refuseSignIn = false } = {},
): Promise<TestSmtp> {
  let present = behaviour
  let connections = 0
  const towards = new Map<string, Behaviour>()
  const received: Received[] = []
  const recipients: string[] = []
  const sockets = new Set<Socket>()
  const held: { answer: () => void; socket: Socket | undefined }[] = []
  const served = new Set<string>()
  const towardsThose = ({ envelope }: SMTPServerSession) =>
    envelope.rcptTo.map(({ address }) => towards.get(address)).find(Boolean) ?? present
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: refuseSignIn ? ['STARTTLS'] : ['STARTTLS', 'AUTH'],
    allowInsecureAuth: true,
    onAuth: (_auth, _session, callback) => callback(answer(535, '5.7.8 wrong name or password')),
    disableReverseLookup: true,
    // Every answer is as it is told.
    hideENHANCEDSTATUSCODES: true,
    closeTimeout: 100,
    onConnect(_session, callback) {
      connections += 1
      if (present !== 'hang') callback()
    },
    onMailFrom(_address, session, callback) {
      if (present === 'once' && served.has(session.id)) return socketOf(server, session)?.destroy()
      const refusal = AT_SENDER[present]
      callback(refusal ? answer(...refusal) : undefined)
    },
    onRcptTo({ address }, session, callback) {
      recipients.push(address)
      const does = towards.get(address) ?? present
      if (does === 'refuse-then-cut' || does === 'refuse-then-hang')
        atReset(server, session, does === 'refuse-then-cut')
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
        served.add(session.id)
        const socket = socketOf(server, session)
        if (does === 'cut') socket?.destroy()
        else if (does === 'hold') held.push({ answer: callback, socket })
        else callback()
        if (does === 'goodbye') socket?.end()
      })
    },
  })
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((done, failed) => {
    server.once('error', failed)
    server.listen(port, '127.0.0.1', done)
  })
  server.on('error', () => {})
  const address = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    received,
    recipients,
    connections: () => connections,
    open: () => sockets.size,
    behave(behaviour, address) {
      if (address === undefined) present = behaviour
      else towards.set(address, behaviour)
    },
    release(how) {
      for (const { answer, socket } of held.splice(0)) {
        if (how === 'broken') socket?.destroy()
        else answer()
      }
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((done) => server.close(() => done()))
    },
  }
}

interface ServerConnection {
  session: { id: string }
  _socket: Socket
  handler_RSET(command: string, callback: () => void): void
}

/** The connection of a session. */
function connectionOf(server: SMTPServer, session: SMTPServerSession): ServerConnection | undefined {
  const { connections } = server as unknown as { connections: Set<ServerConnection> }
  return [...connections].find((connection) => connection.session.id === session.id)
}

const socketOf = (server: SMTPServer, session: SMTPServerSession): Socket | undefined =>
  connectionOf(server, session)?._socket

/** Lets a session's next RSET break its connection, or have no answer. */
function atReset(server: SMTPServer, session: SMTPServerSession, cut: boolean): void {
  const connection = connectionOf(server, session)
  if (connection)
    connection.handler_RSET = () => {
      if (cut) connection._socket.destroy()
    }
}

const answer = (responseCode: number, message: string) => Object.assign(new Error(message), { responseCode })
