import { Random } from '../../../server/sample/random.ts'

/** The stages of a list's way, each with how often of six a kill falls into it. */
const STAGES = {
  /** from the request's beginning to its answer: the file is kept and its top is read */
  sending: 1,
  /** from the answer to the end of the check */
  checking: 2,
  /** around the approval */
  approving: 1,
  /** from the approval's answer to the end */
  applying: 2,
} as const
export type Stage = keyof typeof STAGES

/** How long each stage takes when nothing disturbs it, in milliseconds. */
export type Durations = Record<Stage, number>

export interface Moment {
  stage: Stage
  /** how far into the stage, from 0 to a little over 1 */
  part: number
}

/**
 * Moments spread over all stages, at random places of each: the same ones for the same seed. The last of a stage lies
 * around its end.
 */
export function momentsOf(seed: number, count: number): Moment[] {
  const random = new Random(seed)
  return (Object.keys(STAGES) as Stage[]).flatMap((stage) => {
    const many = Math.round((STAGES[stage] * count) / 6)
    return Array.from({ length: many }, (_, i): Moment => {
      const isLast = many > 1 && i === many - 1
      return { stage, part: isLast ? 0.9 + random.next() * 0.2 : random.next() }
    })
  })
}

/** Runs work that a kill may cut off at a moment. @returns whether the kill came before its end */
export async function cutAt(afterMs: number, work: () => Promise<unknown>, kill: () => Promise<void>) {
  let killing: Promise<void> | undefined
  const timer = setTimeout(() => {
    killing = kill()
  }, afterMs)
  const ended = await work().then(
    () => true,
    (error: unknown) => {
      // Only the kill may have been what it failed for.
      if (!killing) throw error
      return false
    },
  )
  if (!killing) {
    clearTimeout(timer)
    await kill()
  }
  await killing
  return ended
}
