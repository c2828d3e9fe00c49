import type { ChangeView } from '../../../../server/changes/schema.ts'

/**
 * The codes of the packs that are in a vehicle, as far as they were told: put in and not taken out since.
 * @param swaps its battery swaps, oldest first
 */
export function installedNow(swaps: readonly Pick<ChangeView, 'batteries'>[]): string[] {
  const present = new Set<string>()
  for (const { batteries } of swaps) {
    for (const code of batteries?.removed ?? []) present.delete(code)
    for (const code of batteries?.installed ?? []) present.add(code)
  }
  return [...present]
}
