import { DownloadOutlined } from '@ant-design/icons'
import { Alert, Button } from 'antd'
import { saveFile } from '../../api/download.ts'
import { useMe } from '../../app/session.tsx'
import { CopyButton } from '../../components/CopyText.tsx'
import { instant } from '../../format.ts'
import { useText } from '../../i18n/index.ts'

/** Recovery codes, which are shown this once. */
export function RecoveryCodes({ codes, onKept }: { codes: string[]; onKept: () => void }) {
  const { t } = useText()
  const me = useMe()
  const text = `${t('twoStep.fileHead', {
    product: t('product.name'),
    email: me.email,
    at: instant(new Date().toISOString()),
  })}\n\n${codes.join('\n')}\n`
  return (
    <div className="recovery" data-testid="recovery-codes">
      <h3>{t('twoStep.codesTitle')}</h3>
      <Alert type="warning" showIcon title={t('twoStep.codesLead')} />
      <ol className="recovery-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <div className="me-actions">
        <CopyButton text={codes.join('\n')}>{t('twoStep.copyAll')}</CopyButton>
        <Button
          icon={<DownloadOutlined />}
          onClick={() =>
            saveFile({ blob: textFile(text), filename: `${t('twoStep.fileName')}-${me.email}.txt` })
          }
          data-testid="download-codes"
        >
          {t('twoStep.download')}
        </Button>
      </div>
      <Button type="primary" onClick={onKept} data-testid="codes-kept">
        {t('twoStep.saved')}
      </Button>
    </div>
  )
}

/** A text as a file. The mark at its start makes old editors read it as UTF-8. */
const textFile = (text: string): Blob =>
  new Blob(['\ufeff', text.replaceAll('\n', '\r\n')], { type: 'text/plain' })
