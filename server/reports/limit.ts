import { guessLimit } from '../http/limits.ts'

/** Far more papers than anybody checks by hand, and too few to guess a code: of 2^80 there is one. */
const CHECKS = 60

/** Slows down checks of papers. */
export const reportCheckLimit = () => guessLimit(CHECKS, 'Too many checks; wait five minutes')
