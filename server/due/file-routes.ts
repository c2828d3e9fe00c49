import type { Language } from '../accounts/schema.ts'
import { fileRoutes } from '../exports/file-route.ts'
import type { Route } from '../http/route.ts'
import type { DueFiles } from './files.ts'
import { dueListFilter, dueQuery, oldTruckFilter } from './schema.ts'

interface Parts {
  dueFiles: DueFiles
  languageOf: (account: string) => Promise<Language>
}

/** What is due as files, each in every format. */
export function dueFileRoutes({ dueFiles, languageOf }: Parts): Route[] {
  const vehicles = { audit: 'vehicle.export', target: 'vehicle', languageOf } as const
  return [
    ...fileRoutes({
      ...{ ...vehicles, path: '/due', summary: 'How many vehicles must go', query: dueQuery },
      make: (query, wanted) => dueFiles.summary(query, wanted),
    }),
    ...fileRoutes({
      ...{ ...vehicles, path: '/due/vehicles', summary: 'All vehicles that must go', query: dueListFilter },
      make: (query, wanted) => dueFiles.vehicles(query, wanted),
    }),
    ...fileRoutes({
      ...{
        ...vehicles,
        path: '/due/old-trucks',
        summary: 'All old trucks in service',
        query: oldTruckFilter,
      },
      make: (query, wanted) => dueFiles.oldTrucks(query, wanted),
    }),
  ]
}
