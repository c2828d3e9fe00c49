import type { Connection } from 'mongoose'
import type { NoticeService } from '../notices/service.ts'
import { alertModel } from './model.ts'
import { type AlertReaders, tellReaders } from './readers.ts'
import { AlertService } from './service.ts'
import { AlertWatch, type AlertWatchParts } from './watch.ts'

/** What watches the figures, and what shows what it found. */
export function alertServices(
  parts: Omit<AlertWatchParts, 'alerts' | 'telling'> & {
    connection: Connection
    notices: NoticeService
    readers: AlertReaders
  },
) {
  const { connection, notices, readers, timeZone } = parts
  const alerts = alertModel(connection)
  return {
    alerts: new AlertService({ alerts, timeZone }),
    alertReaders: readers,
    alertWatch: new AlertWatch({ ...parts, alerts, telling: tellReaders(notices, readers) }),
  }
}
