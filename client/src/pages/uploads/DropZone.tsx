import { CloudUploadOutlined } from '@ant-design/icons'
import { type DragEvent, useState } from 'react'
import { useText } from '../../i18n/index.ts'

/** Takes files by drag and drop, by click, or by keyboard. */
export function DropZone({ onFiles }: { onFiles: (files: File[]) => void }) {
  const { t } = useText()
  const [over, setOver] = useState(false)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    onFiles([...event.dataTransfer.files])
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the input within takes keyboard and click; this only takes drops
    <div
      className={over ? 'drop drop-over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <label>
        <input
          type="file"
          multiple
          accept=".xlsx,.xls,.xlsm,.csv,.tsv,.txt"
          data-testid="upload-input"
          onChange={(event) => {
            onFiles([...(event.target.files ?? [])])
            // so that the same file can be chosen again after it was mended
            event.target.value = ''
          }}
        />
        <span className="drop-icon" aria-hidden>
          <CloudUploadOutlined />
        </span>
        <b>{t('send.drop')}</b>
        <span className="hint">{t('send.formats')}</span>
      </label>
    </div>
  )
}
