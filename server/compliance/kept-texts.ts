/** Answers kept: the ones of a whole page of the dashboard, twice over. */
const KEPT = 18

/** Texts of answers that are asked for again and again: the latest few, each as long as what it was made of is the same. */
export class KeptTexts {
  private readonly texts = new Map<string, { text: Buffer; of: unknown }>()

  /** @param of what the text must have been made of, the very same object */
  get(key: string, of: unknown): Buffer | undefined {
    const found = this.texts.get(key)
    return found !== undefined && found.of === of ? found.text : undefined
  }

  keep(key: string, of: unknown, text: Buffer): void {
    this.texts.delete(key)
    this.texts.set(key, { text, of })
    const [oldest] = this.texts.keys()
    if (this.texts.size > KEPT && oldest !== undefined) this.texts.delete(oldest)
  }
}
