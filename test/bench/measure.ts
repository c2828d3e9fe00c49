/** The middle of some measurements. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

/** Milliseconds that some work takes. */
export async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; value: T }> {
  const start = performance.now()
  const value = await work()
  return { ms: performance.now() - start, value }
}

/** Runs two works in turn, A B A B …, and gives the median of each. */
export async function inTurn(times: number, a: () => Promise<unknown>, b: () => Promise<unknown>) {
  const left: number[] = []
  const right: number[] = []
  for (let i = 0; i < times; i++) {
    left.push((await timed(a)).ms)
    right.push((await timed(b)).ms)
  }
  return { a: median(left), b: median(right) }
}

const results: { what: string; ratio: number; limit: number; detail: string }[] = []

/** Notes a ratio and the limit that it must keep, and prints it. */
export function report(what: string, ratio: number, limit: number, detail: string): void {
  results.push({ what, ratio, limit, detail })
  const verdict = ratio <= limit ? '达标 within' : '超出 over'
  console.log(`${what}: ${ratio.toFixed(2)}× (${verdict} ${limit}×) — ${detail}`)
}

/** Whether every ratio kept its limit. */
export const allWithin = (): boolean => results.every((r) => r.ratio <= r.limit)
