import type { KeyboardEvent } from 'react'

const FOCUSABLE = [
  ...[
    'input:not([type="file"]):not([type="radio"])',
    'textarea',
    'button',
    'a[href]',
    'input[type="radio"]:checked',
  ],
].join(',')

/** Puts the cursor into the next control of a form, or (in its last) stays. */
function focusNext(form: HTMLElement, from: HTMLElement): void {
  const controls = [...form.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
    (c) => c.tabIndex >= 0 && !c.hasAttribute('disabled') && c.offsetParent !== null,
  )
  controls[controls.indexOf(from) + 1]?.focus()
}

/**
 * The keys of the form: Ctrl or ⌘ with Enter saves; Enter goes on to the next field, as after a scanner has read a
 * number; Tab takes the highlighted suggestion and goes on; Escape goes up to the kinds of change.
 */
export function onFormKey(event: KeyboardEvent<HTMLElement>, { save }: { save: () => void }): void {
  const { target, currentTarget, key } = event
  if (!(target instanceof HTMLElement) || event.nativeEvent.isComposing) return
  if (key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault()
    save()
    return
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const suggests = target.getAttribute('role') === 'combobox'
  // The list of suggestions keeps Tab to itself when it takes one.
  if (key === 'Tab' && !event.shiftKey && suggests && event.defaultPrevented) focusNext(currentTarget, target)
  else if (key === 'Enter' && !suggests && target instanceof HTMLInputElement) {
    event.preventDefault()
    focusNext(currentTarget, target)
  } else if (key === 'Escape' && target.getAttribute('aria-expanded') !== 'true')
    document.querySelector<HTMLElement>('.kinds input:checked, .kinds input')?.focus()
}
