import type { ImportStatus } from './schema.ts'

/** The states in which there is work to do on a list. */
export const WORKING: readonly ImportStatus[] = ['parsing', 'applying', 'withdrawing']
