import type { Language } from '../accounts/schema.ts'
import { liesIn } from '../domain/regions.ts'
import type { NewNotice, NoticeService } from '../notices/service.ts'
import { createWording } from '../wording/index.ts'
import type { AlertDoc } from './model.ts'

/** Somebody who wants to be told when a status changes. */
export interface AlertReader {
  id: string
  email: string
  name: string
  language: Language
  scope: { county?: string | undefined; operator?: string | undefined }
  /** an account is told in the application, too */
  source: 'account' | 'list'
}
export type AlertReaders = () => Promise<AlertReader[]>

/** Whether an alert is for somebody: the city's for who sees the whole city, a county's for its own people. */
export const concerns = ({ county }: Pick<AlertDoc, 'county'>, { scope }: AlertReader): boolean => {
  if (scope.operator !== undefined) return false
  if (scope.county === undefined || county === null) return scope.county === undefined && county === null
  return liesIn(county, scope.county)
}

const [zh, en] = [createWording('zh-CN'), createWording('en')]

/** What is said of an alert in the application: each language's sentence takes its own words. */
export function alertNotice(alert: AlertDoc): NewNotice {
  const { title, before, after, kind, direction } = alert
  return {
    kind: 'alert',
    period: alert.key,
    at: alert.at,
    mail: 'done',
    params: {
      ...{ ruleZh: title.zh, ruleEn: title.en },
      ...{ beforeZh: zh.label('assessment', before.status), beforeEn: en.label('assessment', before.status) },
      ...{ afterZh: zh.label('assessment', after.status), afterEn: en.label('assessment', after.status) },
      decision: kind === 'breach' ? 'breach' : direction,
    },
    link: `/alerts?id=${alert._id.toHexString()}`,
  }
}

/** Tells people of an alert, in the application. Safe to repeat. */
export type Tell = (alert: AlertDoc) => Promise<void>

/** What tells those whom alerts concern; who they are is read once for all alerts of a look. */
export const tellReaders = (notices: NoticeService, readers: AlertReaders) => async (): Promise<Tell> => {
  const accounts = (await readers()).filter(({ source }) => source === 'account')
  return async (alert) => {
    const told = accounts.filter((reader) => concerns(alert, reader))
    await notices.tell(
      alertNotice(alert),
      told.map(({ id }) => id),
    )
  }
}
