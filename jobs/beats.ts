/** How long something has not changed, by a clock that nobody sets: what is written beside it may be wrong. */
export class Beats {
  private readonly seen = new Map<string, { value: string; at: number }>()
  private startedAt = 0

  /** Begins to look. @param at milliseconds of the watching clock */
  start(at: number): void {
    this.startedAt = at
    this.seen.clear()
  }

  /** Takes note of what is there now. */
  note(values: Readonly<Record<string, string>>, at: number): void {
    for (const [name, value] of Object.entries(values))
      if (this.seen.get(name)?.value !== value) this.seen.set(name, { value, at })
  }

  /** Since when, in milliseconds, a thing has not changed; since the start for one that was never there. */
  silentMs(name: string, at: number): number {
    return at - (this.seen.get(name)?.at ?? this.startedAt)
  }
}
