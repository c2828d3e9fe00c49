import type { Connection } from 'mongoose'
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { NoticeRounds } from '../notices/rounds.ts'
import type { Operators } from '../operators/service.ts'
import { Devices } from './devices.ts'
import { Keys } from './keys.ts'
import { AccountLinks } from './links.ts'
import type { AccountModel } from './model.ts'
import { OwnAccount } from './own-account.ts'
import { SecondFactor } from './second-factor.ts'
import { AccountService } from './service.ts'
import { AccountSessions } from './sessions.ts'
import { SecuritySettings } from './settings.ts'
import { SignIn } from './sign-in.ts'
import { Throttle } from './throttle.ts'
import { Tokens } from './tokens.ts'

/** What concerns accounts and their security, wired together. */
export function accountServices(parts: {
  connection: Connection
  config: Config
  clock: Clock
  log: Logger
  accounts: AccountModel
  operators: Operators
  /** what authenticators show beside an account */
  product: string
}) {
  const { connection, clock, accounts, operators } = parts
  const keys = new Keys(parts.config.sessionSecret)
  const throttle = new Throttle(connection)
  const sessions = new AccountSessions(connection)
  const settings = new SecuritySettings(connection)
  const secondFactor = new SecondFactor({ accounts, keys, issuer: parts.product })
  const devices = new Devices(keys)
  // Rounds of their own: mails about accounts wait for nothing else.
  const accountRounds = new NoticeRounds(parts.log)
  const accountLinks = new AccountLinks({
    ...{ accounts, keys, throttle, sessions, soon: () => accountRounds.soon() },
  })
  accountRounds.add(() => accountLinks.settle(clock.now()))
  accountRounds.add(() => throttle.sweep(clock.now()))
  return {
    accounts: new AccountService({ accounts, operators, links: accountLinks, sessions, settings }),
    ...{ accountLinks, accountRounds, devices, keys, secondFactor, sessions, settings },
    ownAccount: new OwnAccount({ accounts, secondFactor, sessions, settings, throttle }),
    signIn: new SignIn({ accounts, devices, secondFactor, throttle }),
    tokens: new Tokens(connection, throttle),
  }
}
