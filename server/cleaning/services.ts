import type { AuditLog } from '../audit/service.ts'
import { type StaleListParts, StaleLists } from './lists.ts'
import { Cleaning } from './service.ts'

/** What removes what nobody needs any more. */
export function cleaningServices(parts: Omit<StaleListParts, 'record'> & { audit: AuditLog }) {
  const { connection, imports, files, audit } = parts
  const lists = new StaleLists({
    ...parts,
    record: ({ id, filename, rows }, at) =>
      audit.recordOwn({
        ...{ at, action: 'import.expire', outcome: 'done', detail: { rows } },
        target: { kind: 'import', id, label: filename },
      }),
  })
  return { cleaning: new Cleaning({ connection, imports, files, lists }) }
}
