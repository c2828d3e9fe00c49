import { DownloadOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { Language } from '../../../../server/accounts/schema.ts'
import { useSaveFile } from '../../components/useSaveFile.ts'
import { useText } from '../../i18n/index.ts'

/** Saves a report as a file, and says in words what went wrong. */
export function FileButton(props: { id: string; format: 'xlsx' | 'html'; language: Language }) {
  const { id, format, language } = props
  const { t } = useText()
  const { save, bytes } = useSaveFile()
  return (
    <Button
      icon={<DownloadOutlined />}
      loading={bytes !== null}
      onClick={() => void save(`/reports/${id}.${format}`, { language })}
      data-testid={`report-${format}`}
    >
      {t(`reports.${format}`)}
    </Button>
  )
}
