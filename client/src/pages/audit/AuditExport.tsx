import { DownloadOutlined } from '@ant-design/icons'
import { App, Button } from 'antd'
import { useState } from 'react'
import type { Query } from '../../api/client.ts'
import { fetchFile, saveFile } from '../../api/download.ts'
import { useProblemText } from '../../components/problem.ts'
import { useText } from '../../i18n/index.ts'

/** Saves all entries that the filters let through, in the language of the page. */
export function AuditExport({ query }: { query: Query }) {
  const { t, language } = useText()
  const { message } = App.useApp()
  const problem = useProblemText()
  const [busy, setBusy] = useState(false)
  const run = async () => {
    setBusy(true)
    try {
      const file = await fetchFile(
        '/audit.csv',
        { ...query, language },
        () => {},
        new AbortController().signal,
      )
      saveFile(file)
      message.success(t('audit.exported', { name: file.filename }))
    } catch (error) {
      message.error(problem(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button icon={<DownloadOutlined />} loading={busy} onClick={() => void run()} data-testid="audit-export">
      {t('audit.export')}
    </Button>
  )
}
