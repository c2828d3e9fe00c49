import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button, Form, Input, Modal, Popconfirm } from 'antd'
import { useState } from 'react'
import type { Basis, ScenarioView } from '../../../../server/scenarios/schema.ts'
import { api } from '../../api/client.ts'
import { useCan } from '../../app/session.tsx'
import { useProblemText } from '../../components/problem.ts'
import { testId } from '../../components/testId.ts'
import { useText } from '../../i18n/index.ts'
import { type Draft, inputsOf } from './draft.ts'
import { MailModal } from './MailModal.tsx'

interface Named {
  name: string
  note: string
}

/** What the dialogue is to keep: what the page holds, or the same as another scenario. */
export type Saving = 'changes' | 'new'

/** Whether there is anything to keep: of a scenario of one's own, only what was changed. */
export const canSave = (kept: ScenarioView | undefined, dirty: boolean): boolean => !kept?.editable || dirty

/** Keeping what is planned: as a new scenario, or as changes of the one that is open. */
export function SaveBar(props: {
  draft: Draft
  dirty: boolean
  kept: ScenarioView | undefined
  /** the figures on the page: what is kept starts from the same */
  basis: Basis
  saving: Saving | null
  setSaving: (saving: Saving | null) => void
  onOpen: (id: string | undefined) => void
}) {
  const { draft, dirty, kept, basis, onOpen } = props
  const { t } = useText()
  const can = useCan()
  const client = useQueryClient()
  const { message } = App.useApp()
  const problem = useProblemText()
  const [mailing, setMailing] = useState(false)
  const writes = can('scenario.write')
  const own = kept?.editable ? kept : undefined
  const asNew = props.saving === 'new'
  const done = async (saved: ScenarioView, said: string) => {
    client.setQueryData(['scenarios', `/scenarios/${saved.id}`, {}], saved)
    await client.invalidateQueries({ queryKey: ['scenarios'] })
    message.success(said)
    close()
    onOpen(saved.id)
  }
  const save = useMutation({
    mutationFn: ({ name, note }: Named) => {
      const inputs = inputsOf(draft)
      if (own && !asNew)
        return api.patch<ScenarioView>(`/scenarios/${own.id}`, { revision: own.revision, name, note, inputs })
      const { asOf, knownAt, policyVersion } = basis
      return api.post<ScenarioView>('/scenarios', {
        name,
        note,
        inputs,
        basis: { asOf, knownAt, policyVersion },
        county: kept?.county ?? null,
      })
    },
    onSuccess: (saved) => done(saved, t('whatIf.saved', { name: saved.name })),
  })
  const anew = useMutation({
    mutationFn: (from: ScenarioView) =>
      api.patch<ScenarioView>(`/scenarios/${from.id}`, {
        ...{ revision: from.revision, inputs: inputsOf(draft), basis: 'today' },
      }),
    onSuccess: (saved) => done(saved, t('whatIf.todayDone')),
    onError: (error) => message.error(problem(error)),
  })
  /** Forgets what was to be kept and why it could not be, so that the next time begins anew. */
  function close() {
    save.reset()
    props.setSaving(null)
  }
  return (
    <div className="scenario-save">
      {kept && (
        <p className="scenario-open" data-testid="scenario-open">
          <b>{t('whatIf.open', { name: kept.name })}</b>
          <span className="hint">
            {dirty
              ? t('whatIf.changed')
              : kept.editable
                ? kept.note
                : t('whatIf.byOther', { name: kept.createdBy.name })}
          </span>
        </p>
      )}
      {writes && (
        <Button
          type="primary"
          onClick={() => props.setSaving('changes')}
          disabled={!canSave(kept, dirty)}
          {...testId('scenario-save')}
        >
          {t(own ? 'whatIf.saveChanges' : 'whatIf.save')}
        </Button>
      )}
      {writes && own && (
        <Button onClick={() => props.setSaving('new')} {...testId('scenario-save-as')}>
          {t('whatIf.saveAs')}
        </Button>
      )}
      {own && (
        <Button loading={anew.isPending} onClick={() => anew.mutate(own)} {...testId('scenario-today')}>
          {t('whatIf.today')}
        </Button>
      )}
      {writes && kept && (
        <Button onClick={() => setMailing(true)} {...testId('scenario-mail')}>
          {t('whatIf.mail')}
        </Button>
      )}
      {kept && (
        <Popconfirm
          title={t('whatIf.discardAsk')}
          okText={t('whatIf.discard')}
          cancelText={t('common.cancel')}
          disabled={!dirty}
          onConfirm={() => onOpen(undefined)}
        >
          <Button onClick={() => !dirty && onOpen(undefined)} {...testId('scenario-new')}>
            {t('whatIf.leave')}
          </Button>
        </Popconfirm>
      )}
      <SaveModal
        open={props.saving !== null}
        start={own && !asNew ? own : { name: '', note: '' }}
        busy={save.isPending}
        error={save.error}
        onCancel={close}
        onSave={(named) => save.mutate(named)}
      />
      {kept && <MailModal scenario={kept} dirty={dirty} open={mailing} onClose={() => setMailing(false)} />}
    </div>
  )
}

function SaveModal(props: {
  open: boolean
  start: Named
  busy: boolean
  error: unknown
  onCancel: () => void
  onSave: (named: Named) => void
}) {
  const { t } = useText()
  const problem = useProblemText()
  const [form] = Form.useForm<Named>()
  return (
    <Modal
      open={props.open}
      title={t('whatIf.saveTitle')}
      okText={t('common.save')}
      cancelText={t('common.cancel')}
      okButtonProps={{ loading: props.busy, ...testId('scenario-save-ok') }}
      onOk={form.submit}
      onCancel={props.onCancel}
      destroyOnHidden
    >
      {props.error != null && (
        <Alert
          className="modal-hint"
          type="error"
          showIcon
          title={problem(props.error)}
          data-testid="scenario-problem"
        />
      )}
      <Form
        form={form}
        clearOnDestroy
        layout="vertical"
        requiredMark={false}
        initialValues={{ name: props.start.name, note: props.start.note }}
        onFinish={({ name, note }) => props.onSave({ name: name.trim(), note: note?.trim() ?? '' })}
      >
        <Form.Item
          name="name"
          label={t('whatIf.name')}
          rules={[{ required: true, whitespace: true, message: t('whatIf.nameNeeded') }]}
        >
          <Input
            autoFocus
            maxLength={60}
            placeholder={t('whatIf.nameHint')}
            onPressEnter={form.submit}
            data-testid="scenario-name"
          />
        </Form.Item>
        <Form.Item name="note" label={t('whatIf.note')}>
          <Input.TextArea maxLength={500} autoSize={{ minRows: 2 }} data-testid="scenario-note" />
        </Form.Item>
      </Form>
    </Modal>
  )
}
