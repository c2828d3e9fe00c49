import { PaperClipOutlined } from '@ant-design/icons'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useRef } from 'react'
import type { ChangeView } from '../../../../server/changes/schema.ts'
import { api, fileAddress } from '../../api/client.ts'
import { useProblemText } from '../../components/problem.ts'
import { fileSize } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { ATTACHMENT_TYPES, FileIcon, sendAttachment } from '../entry/Attachments.tsx'

/** The documents of an entry, opened in a new tab. Only then are they fetched: each reading is in the audit log. */
export function EntryFiles({ change }: { change: ChangeView }) {
  const { t } = useText()
  if (change.attachments.length === 0) return null
  return (
    <ul className="entry-docs" aria-label={t('entry.files')}>
      {change.attachments.map(({ id, filename, type, size }) => {
        const address = fileAddress(`/changes/${change.id}/attachments/${id}`, { inline: true })
        return (
          <li key={id}>
            <a
              href={address}
              target="_blank"
              rel="noreferrer"
              title={t('entry.opens', { name: filename })}
              data-testid="entry-file"
            >
              <span className="entry-doc-icon">
                <FileIcon type={type} />
              </span>
              <span>
                <span className="filename">{filename}</span>
                <span className="hint">{fileSize(size)}</span>
              </span>
            </a>
          </li>
        )
      })}
    </ul>
  )
}

/** Adds a document to an entry that is on the ledger already. */
export function AddFile({ change }: { change: ChangeView }) {
  const { t } = useText()
  const problem = useProblemText()
  const client = useQueryClient()
  const { message } = App.useApp()
  const input = useRef<HTMLInputElement>(null)
  const adding = useMutation({
    mutationFn: async (file: File) => {
      const { id } = await sendAttachment(file, () => undefined, new AbortController().signal)
      await api.post(`/changes/${change.id}/attachments`, { attachment: id })
    },
    onSuccess: () => {
      message.success(t('entry.fileAdded'))
      return client.invalidateQueries({ queryKey: ['ledger'] })
    },
    onError: (error) => void message.error(problem(error), 6),
  })
  return (
    <>
      <Button
        size="small"
        icon={<PaperClipOutlined />}
        loading={adding.isPending}
        onClick={() => input.current?.click()}
        data-testid={`attach-${change.id}`}
      >
        {t('entry.addFile')}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        accept={ATTACHMENT_TYPES}
        data-testid={`attach-input-${change.id}`}
        onChange={(event) => {
          const [file] = event.target.files ?? []
          // so that the same file can be chosen again
          event.target.value = ''
          if (file) adding.mutate(file)
        }}
      />
    </>
  )
}
