import { DownloadOutlined } from '@ant-design/icons'
import { App, Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import type { Language } from '../../../../server/accounts/schema.ts'
import { fetchFile, saveFile } from '../../api/download.ts'
import { useProblemText } from '../../components/problem.ts'
import { fileSize } from '../../format.ts'
import { useText } from '../../i18n/index.ts'

/** Saves a report as a file, and says in words what went wrong. */
export function FileButton(props: { id: string; format: 'xlsx' | 'html'; language: Language }) {
  const { id, format, language } = props
  const { t } = useText()
  const { message } = App.useApp()
  const problem = useProblemText()
  const [running, setRunning] = useState(false)
  const control = useRef<AbortController | null>(null)
  useEffect(() => () => control.current?.abort(), [])
  const run = async () => {
    const mine = new AbortController()
    control.current = mine
    setRunning(true)
    try {
      const file = await fetchFile(`/reports/${id}.${format}`, { language }, () => undefined, mine.signal)
      saveFile(file)
      message.success(t('export.done', { name: file.filename, size: fileSize(file.blob.size) }))
    } catch (error) {
      if (!mine.signal.aborted) message.error(t('export.failed', { why: problem(error) }), 8)
    } finally {
      setRunning(false)
    }
  }
  return (
    <Button
      icon={<DownloadOutlined />}
      loading={running}
      onClick={() => void run()}
      data-testid={`report-${format}`}
    >
      {t(`reports.${format}`)}
    </Button>
  )
}
