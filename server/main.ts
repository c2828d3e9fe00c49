import { openDatabase } from './opening.ts'
import { fail, runService } from './run.ts'

/** The service that this program runs. */
export const running = runService(openDatabase(process.env))

running.catch(fail)
