import { setRegions } from '../../server/domain/regions.ts'
import { NANPING } from './policies.ts'

/** What a service does at its start, for tests of what stands below one. */
setRegions(NANPING)
