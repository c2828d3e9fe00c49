import { DownloadOutlined } from '@ant-design/icons'
import { App, Button, Dropdown } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { ProblemError, type Query } from '../api/client.ts'
import { fetchFile, saveFile } from '../api/download.ts'
import { fileSize } from '../format.ts'
import { useText } from '../i18n/index.ts'
import { useProblemText } from './problem.ts'
import { testId } from './testId.ts'

const FORMATS = ['xlsx', 'csv'] as const
type Format = (typeof FORMATS)[number]

/**
 * Saves everything that a list's filters let through, not only what is shown, as a workbook or as text. Says how much
 * has come, can be stopped, and says in words what went wrong.
 * @param path the list's path in the API, without the ending
 */
export function ExportButton({
  path,
  query,
  disabled = false,
}: {
  path: string
  query: Query
  disabled?: boolean
}) {
  const { t } = useText()
  const { message } = App.useApp()
  const problem = useProblemText()
  const [bytes, setBytes] = useState<number | null>(null)
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])

  const run = async (format: Format) => {
    const control = new AbortController()
    running.current = control
    setBytes(0)
    try {
      const file = await fetchFile(`${path}.${format}`, query, setBytes, control.signal)
      saveFile(file)
      message.success(t('export.done', { name: file.filename, size: fileSize(file.blob.size) }))
    } catch (error) {
      const broken = error instanceof ProblemError && error.code === 'download.broken'
      const why = broken ? t('export.broken') : problem(error)
      if (!control.signal.aborted) message.error(t('export.failed', { why }), 8)
    } finally {
      running.current = null
      setBytes(null)
    }
  }
  if (bytes !== null)
    return (
      <Button onClick={() => running.current?.abort()} icon={<DownloadOutlined />} data-testid="export-stop">
        {t('export.running', { size: fileSize(bytes) })}
      </Button>
    )
  return (
    <Dropdown
      trigger={['click']}
      placement="bottomRight"
      disabled={disabled}
      menu={{
        items: FORMATS.map((format) => ({
          key: format,
          label: t(`export.${format}`),
          ...testId(`export-${format}`),
        })),
        onClick: ({ key }) => void run(key as Format),
      }}
    >
      <Button icon={<DownloadOutlined />} data-testid="export">
        {t('export.button')}
      </Button>
    </Dropdown>
  )
}
