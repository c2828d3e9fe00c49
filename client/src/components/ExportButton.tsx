import { DownloadOutlined } from '@ant-design/icons'
import { Button, Dropdown } from 'antd'
import type { Query } from '../api/client.ts'
import { fileSize } from '../format.ts'
import { useText } from '../i18n/index.ts'
import { testId } from './testId.ts'
import { useSaveFile } from './useSaveFile.ts'

const FORMATS = ['xlsx', 'csv'] as const
type Format = (typeof FORMATS)[number]

/**
 * Saves everything that a list's filters let through, not only what is shown, in the language of the page. Says how
 * much has come, can be stopped, and says in words what went wrong.
 */
export function ExportButton(props: {
  /** the list's path in the API, without the ending */
  path: string
  query: Query
  /** as what it can be had, unless told as a workbook or as text */
  formats?: readonly [Format, ...Format[]]
}) {
  const { path, query, formats = FORMATS } = props
  const { t, language } = useText()
  const { save, stop, bytes } = useSaveFile()
  const run = (format: Format) => save(`${path}.${format}`, { ...query, language })
  if (bytes !== null)
    return (
      <Button onClick={stop} icon={<DownloadOutlined />} data-testid="export-stop">
        {t('export.running', { size: fileSize(bytes) })}
      </Button>
    )
  const [only, ...others] = formats
  if (others.length === 0)
    return (
      <Button icon={<DownloadOutlined />} onClick={() => void run(only)} data-testid={`export-${only}`}>
        {t('export.button')} {only.toUpperCase()}
      </Button>
    )
  return (
    <Dropdown
      trigger={['click']}
      placement="bottomRight"
      menu={{
        items: formats.map((format) => ({
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
