import { App } from 'antd'
import { useEffect, useRef, useState } from 'react'
import type { Query } from '../api/client.ts'
import { fetchFile, saveFile } from '../api/download.ts'
import { fileSize } from '../format.ts'
import { useText } from '../i18n/index.ts'
import { useProblemText } from './problem.ts'

/**
 * Has the browser save a file of the service's, and says how it went. Leaving the page stops it.
 * @returns a function that begins, one that stops it, and the bytes that have come; null while nothing is fetched
 */
export function useSaveFile() {
  const { t } = useText()
  const { message } = App.useApp()
  const problem = useProblemText()
  const [bytes, setBytes] = useState<number | null>(null)
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])

  const save = async (path: string, query: Query) => {
    const control = new AbortController()
    running.current = control
    setBytes(0)
    try {
      const file = await fetchFile(path, query, setBytes, control.signal)
      saveFile(file)
      message.success(t('export.done', { name: file.filename, size: fileSize(file.blob.size) }))
    } catch (error) {
      if (!control.signal.aborted) message.error(t('export.failed', { why: problem(error) }), 8)
    } finally {
      running.current = null
      setBytes(null)
    }
  }
  return { save, stop: () => running.current?.abort(), bytes }
}
