import { useSyncExternalStore } from 'react'

/** The width up to which the navigation is a drawer; shell.css has the same. */
export const DRAWER_WIDTH = 960
/** The width up to which lists are cards. */
export const CARDS_WIDTH = 767

/** Whether the window is at most so many pixels wide; known at the first rendering, so that nothing jumps. */
export function useNarrow(width: number): boolean {
  const query = `(max-width: ${width}px)`
  return useSyncExternalStore(
    (changed) => {
      const media = window.matchMedia(query)
      media.addEventListener('change', changed)
      return () => media.removeEventListener('change', changed)
    },
    () => window.matchMedia(query).matches,
  )
}
