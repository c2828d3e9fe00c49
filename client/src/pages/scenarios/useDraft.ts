import { useCallback, useEffect, useRef, useState } from 'react'
import type { Draft } from './draft.ts'

/** Movements of the same number that follow each other within so many milliseconds are undone together. */
const TOGETHER_MS = 1500
const MOST = 100

interface History {
  past: Draft[]
  present: Draft
}

/** A draft that can be undone. */
export function useDraft(start: Draft) {
  const [{ past, present }, put] = useState<History>({ past: [], present: start })
  const last = useRef<{ what: string | null; at: number }>({ what: null, at: 0 })
  /** @param what is moved; a change of nothing that is moved on and on is undone by itself */
  const set = useCallback((change: (draft: Draft) => Draft, what: string | null = null) => {
    const at = performance.now()
    const together = what !== null && last.current.what === what && at - last.current.at < TOGETHER_MS
    last.current = { what, at }
    put((h) => ({
      past: together && h.past.length > 0 ? h.past : [...h.past, h.present].slice(-MOST),
      present: change(h.present),
    }))
  }, [])
  const undo = useCallback(() => {
    last.current = { what: null, at: 0 }
    put((h) => {
      const before = h.past.at(-1)
      return before ? { past: h.past.slice(0, -1), present: before } : h
    })
  }, [])
  return { draft: present, set, undo, canUndo: past.length > 0 }
}

/** Ctrl+Z and Ctrl+S (⌘ on a Mac) anywhere on the page; within a field of text Ctrl+Z is the field's own. */
export function useKeys(keys: { undo: () => void; save: (() => void) | undefined }): void {
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
      // A dialogue in front takes its own keys.
      if (document.querySelector('.ant-modal-wrap:not([style*="display: none"])')) return
      const field = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement
      if (event.key === 'z' && !field) latest.current.undo()
      else if (event.key === 's' && latest.current.save) latest.current.save()
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
}
