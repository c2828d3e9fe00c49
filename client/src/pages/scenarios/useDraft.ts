import { useCallback, useEffect, useRef, useState } from 'react'
import type { Draft } from './draft.ts'

/** Movements that follow each other within so many milliseconds are undone together. */
const TOGETHER_MS = 700
const MOST = 100

interface History {
  past: Draft[]
  present: Draft
}

/** A draft that can be undone. */
export function useDraft(start: Draft) {
  const [{ past, present }, put] = useState<History>({ past: [], present: start })
  const movedAt = useRef(0)
  const set = useCallback((change: (draft: Draft) => Draft) => {
    const now = performance.now()
    const together = now - movedAt.current < TOGETHER_MS
    movedAt.current = now
    put((h) => {
      const next = change(h.present)
      if (next === h.present) return h
      return {
        past: together && h.past.length > 0 ? h.past : [...h.past, h.present].slice(-MOST),
        present: next,
      }
    })
  }, [])
  /** Makes a change one of its own, to be undone by itself. */
  const step = useCallback(
    (change: (draft: Draft) => Draft) => {
      movedAt.current = 0
      set(change)
      movedAt.current = 0
    },
    [set],
  )
  const undo = useCallback(() => {
    movedAt.current = 0
    put((h) => {
      const before = h.past.at(-1)
      return before ? { past: h.past.slice(0, -1), present: before } : h
    })
  }, [])
  return { draft: present, set, step, undo, canUndo: past.length > 0 }
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
