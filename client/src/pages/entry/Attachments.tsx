import { CloseOutlined, FileImageOutlined, FilePdfOutlined, PaperClipOutlined } from '@ant-design/icons'
import { Button, Progress } from 'antd'
import { type DragEvent, useEffect, useRef, useState } from 'react'
import { api, ProblemError } from '../../api/client.ts'
import { sendForm } from '../../api/upload.ts'
import { useProblemText } from '../../components/problem.ts'
import { fileSize } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import type { Attachment } from './draft.ts'
import { useFaultText } from './fields/Field.tsx'
import { fieldId, useEntry } from './useEntryForm.ts'

/** What the service takes (`server/changes/attachments`): it judges by content itself. */
export const ATTACHMENT_TYPES = '.pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png'
const LARGEST = 10 * 1024 * 1024

/** Sends one document. @param onProgress told the sent share, 0 to 1 */
export function sendAttachment(
  file: File,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<Attachment> {
  if (file.size > LARGEST) return Promise.reject(new ProblemError(413, 'attachment.too-large'))
  const form = new FormData()
  form.append('file', file, file.name)
  return sendForm<Attachment>('/attachments', form, onProgress, signal)
}

interface OnItsWay {
  key: number
  name: string
  share: number
  error?: unknown
  file: File
  stop: AbortController
}

/** The look of a document by its type. */
export const FileIcon = ({ type }: { type: string }) =>
  type === 'application/pdf' ? <FilePdfOutlined /> : <FileImageOutlined />

/** Documents that go with the change: dropped here or chosen; each can be taken away again before saving. */
export function Attachments() {
  const { t } = useText()
  const problem = useProblemText()
  const { draft, set, setUnsent, shown } = useEntry()
  const faultText = useFaultText()
  const [going, setGoing] = useState<OnItsWay[]>([])
  const [over, setOver] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const next = useRef(0)
  // Sending ends later than it began: by then others may have been added or removed.
  const present = useRef(draft.attachments)
  present.current = draft.attachments
  const keep = (attachments: Attachment[]) => {
    present.current = attachments
    set({ attachments })
  }
  const change = (key: number, patch: Partial<OnItsWay>) =>
    setGoing((before) => before.map((one) => (one.key === key ? { ...one, ...patch } : one)))
  const drop = (key: number) => setGoing((before) => before.filter((one) => one.key !== key))

  const failed = going.filter((one) => one.error !== undefined)
  const sending = going.length - failed.length
  useEffect(() => setUnsent({ sending, failed: failed.length }), [setUnsent, sending, failed.length])
  // What is still on its way when the form is begun anew or left belongs to no form any more.
  const running = useRef(new Set<AbortController>())
  useEffect(() => {
    const all = running.current
    return () => {
      for (const stop of all) stop.abort()
    }
  }, [])

  const send = async (one: OnItsWay) => {
    running.current.add(one.stop)
    try {
      const kept = await sendAttachment(one.file, (share) => change(one.key, { share }), one.stop.signal)
      keep([...present.current, kept])
      drop(one.key)
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'stopped') drop(one.key)
      else change(one.key, { error })
    } finally {
      running.current.delete(one.stop)
    }
  }
  const add = (files: readonly File[]) => {
    const news = files.map((file) => ({
      ...{ key: next.current++, name: file.name, share: 0, file, stop: new AbortController() },
    }))
    setGoing((before) => [...before, ...news])
    for (const one of news) void send(one)
  }
  const again = (one: OnItsWay) => {
    drop(one.key)
    add([one.file])
  }
  const remove = (id: string) => {
    keep(draft.attachments.filter((a) => a.id !== id))
    // What is left behind when this fails is swept by the service.
    void api.delete(`/attachments/${id}`).catch(() => undefined)
  }
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    add([...event.dataTransfer.files])
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button within takes keyboard and click; this only takes drops
    <div
      className={
        over ? 'entry-field entry-wide entry-files entry-files-over' : 'entry-field entry-wide entry-files'
      }
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <span className="entry-label">
        {t('entry.field.attachments')}
        <span className="entry-optional">{t('entry.optional')}</span>
      </span>
      <ul className="files">
        {draft.attachments.map((file) => (
          <li key={file.id} data-testid="attachment">
            <FileIcon type={file.type} />
            <span className="filename">{file.filename}</span>
            <span className="hint">{fileSize(file.size)}</span>
            <Button
              type="text"
              size="small"
              icon={<CloseOutlined />}
              aria-label={t('entry.removeFile', { name: file.filename })}
              onClick={() => remove(file.id)}
            />
          </li>
        ))}
        {going.map((one) => (
          <li key={one.key}>
            <PaperClipOutlined />
            <span className="filename">{one.name}</span>
            {one.error === undefined ? (
              <Progress className="files-progress" size="small" percent={Math.floor(one.share * 100)} />
            ) : (
              <span className="problem-error" role="alert">
                {problem(one.error)}
              </span>
            )}
            {one.error !== undefined && (
              <Button
                size="small"
                type="link"
                // where one is led who wants to save all the same
                {...(one === failed[0] ? { id: fieldId('attachments') } : {})}
                onClick={() => again(one)}
                data-testid="retry-attachment"
              >
                {t('common.retry')}
              </Button>
            )}
            <Button
              type="text"
              size="small"
              icon={<CloseOutlined />}
              aria-label={t('entry.removeFile', { name: one.name })}
              onClick={() => (one.error === undefined ? one.stop.abort() : drop(one.key))}
            />
          </li>
        ))}
      </ul>
      {shown('attachments').map((fault) => (
        <span key={fault.code} className="problem-error" role="alert">
          {faultText(fault)}
        </span>
      ))}
      <div className="files-add">
        <Button
          icon={<PaperClipOutlined />}
          onClick={() => input.current?.click()}
          data-testid="add-attachment"
        >
          {t('entry.addFile')}
        </Button>
        <span className="hint">{t('entry.filesHint')}</span>
      </div>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={ATTACHMENT_TYPES}
        data-testid="attachment-input"
        onChange={(event) => {
          add([...(event.target.files ?? [])])
          // so that the same file can be chosen again
          event.target.value = ''
        }}
      />
    </div>
  )
}
