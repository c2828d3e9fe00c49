import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button, Input, Popconfirm } from 'antd'
import { useState } from 'react'
import type { Policy } from '../../../../server/domain/policy.ts'
import { policyChanges } from '../../../../server/domain/policy-changes.ts'
import type { PolicyPreview, PolicyVersion, PolicyView } from '../../../../server/policies/schema.ts'
import { api } from '../../api/client.ts'
import { useProblemText } from '../../components/problem.ts'
import { testId } from '../../components/testId.ts'
import { useText } from '../../i18n/index.ts'
import { LivesFields } from './LivesFields.tsx'
import { PreviewPanel } from './PreviewPanel.tsx'
import { ReadingFields } from './ReadingFields.tsx'
import { TargetFields } from './TargetFields.tsx'

/** Makes a new version: change, see the effect, say on what grounds, publish. What is entered stays on a failure. */
export function PolicyEditor({ view, onDone }: { view: PolicyView; onDone: () => void }) {
  const { t } = useText()
  const client = useQueryClient()
  const problem = useProblemText()
  const { message } = App.useApp()
  // The version that the changes were made to, also when another one is published meanwhile.
  const [base] = useState(view.policy)
  const [draft, setDraft] = useState<Policy>(view.policy)
  const [note, setNote] = useState('')
  const set = (changes: Partial<Policy>) => setDraft((now) => ({ ...now, ...changes }))
  const preview = useMutation({
    mutationFn: (policy: Policy) => api.post<PolicyPreview>('/policy/preview', { policy }),
  })
  const publish = useMutation({
    mutationFn: () => api.post<PolicyVersion>('/policy/versions', { policy: draft, note }),
    onSuccess: async ({ version }) => {
      await Promise.all(
        ['policy', 'ledger', 'regions', 'assessments'].map((key) =>
          client.invalidateQueries({ queryKey: [key] }),
        ),
      )
      message.success(t('policy.published', { n: version }))
      onDone()
    },
  })
  const unchanged = policyChanges(base, draft).length === 0
  const shown = preview.isSuccess && preview.variables === draft
  return (
    <div className="policy">
      <TargetFields policy={draft} set={set} />
      <ReadingFields readings={draft.readings} set={(readings) => set({ readings })} />
      <LivesFields policy={draft} set={set} />
      <div className="policy-actions">
        <Button
          type={shown ? 'default' : 'primary'}
          size="large"
          disabled={unchanged}
          loading={preview.isPending}
          onClick={() => preview.mutate(draft)}
          data-testid="policy-preview"
        >
          {t('policy.preview')}
        </Button>
        {unchanged ? (
          <Button size="large" onClick={onDone} data-testid="policy-back">
            {t('common.cancel')}
          </Button>
        ) : (
          <Popconfirm
            title={t('policy.discardAsk')}
            okText={t('policy.discard')}
            cancelText={t('common.cancel')}
            onConfirm={onDone}
          >
            <Button size="large" data-testid="policy-back">
              {t('policy.discard')}
            </Button>
          </Popconfirm>
        )}
        <span className="policy-hint" role="status">
          {unchanged ? t('policy.nothingChanged') : preview.isSuccess && !shown ? t('policy.stale') : ''}
        </span>
      </div>
      {preview.isError && (
        <Alert type="error" showIcon title={problem(preview.error)} data-testid="policy-problem" />
      )}
      {shown && (
        <PreviewPanel preview={preview.data}>
          <label className="policy-note" htmlFor="policy-note">
            <span>{t('policy.note')}</span>
            <Input.TextArea
              id="policy-note"
              value={note}
              maxLength={500}
              autoSize={{ minRows: 2 }}
              placeholder={t('policy.noteHint')}
              onChange={(event) => setNote(event.target.value)}
              data-testid="policy-note"
            />
          </label>
          {publish.isError && <Alert type="error" showIcon title={problem(publish.error)} />}
          <Button
            type="primary"
            size="large"
            disabled={note.trim() === ''}
            loading={publish.isPending}
            onClick={() => publish.mutate()}
            {...testId('policy-publish')}
          >
            {t('policy.publish', { n: base.version + 1 })}
          </Button>
        </PreviewPanel>
      )}
    </div>
  )
}
