import { useEffect } from 'react'

/** Whether a key goes into a text, so that it is no command. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    /^(TEXTAREA|SELECT)$/.test(target.tagName) ||
    (target instanceof HTMLInputElement && !['radio', 'checkbox', 'button'].includes(target.type)))

/** `/` puts the cursor into the page's search, or into the vehicle search when the page has none. */
export function useSlashKey(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
        return
      const fields = [
        ...document.querySelectorAll<HTMLInputElement>('main [data-search] input'),
        ...document.querySelectorAll<HTMLInputElement>('[data-search] input'),
      ]
      const field = fields.find((f) => f.offsetParent !== null)
      if (!field) return
      event.preventDefault()
      field.focus()
      field.select()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}
