import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button, Form, Input, Modal } from 'antd'
import { useState } from 'react'
import type { JobView } from '../../../../jobs/schema.ts'
import { api } from '../../api/client.ts'
import { useProblemText } from '../../components/problem.ts'
import { testId } from '../../components/testId.ts'
import { useText } from '../../i18n/index.ts'
import { RhythmFields } from './RhythmFields.tsx'
import { cronOf, type Rhythm, rhythmOf } from './rhythm.ts'
import { SchedulePreviewPanel, useSchedulePreview } from './SchedulePreviewPanel.tsx'
import { useScheduleText } from './ScheduleText.tsx'

/** Says when a job is to be due, and shows what that comes to before it is taken. */
export function ScheduleDialog({ job, onClose }: { job: JobView; onClose: () => void }) {
  const { t, label } = useText()
  const { message } = App.useApp()
  const client = useQueryClient()
  const problem = useProblemText()
  const words = useScheduleText()
  const [rhythm, setRhythm] = useState<Rhythm>(() => rhythmOf(job.cron))
  const [reason, setReason] = useState('')
  const cron = cronOf(rhythm)
  const preview = useSchedulePreview(cron)
  const save = useMutation({
    mutationFn: (to: string | null) =>
      to === null
        ? api.delete(`/jobs/${job.name}/schedule`)
        : api.put(`/jobs/${job.name}/schedule`, {
            cron: to,
            ...(reason.trim() ? { reason: reason.trim() } : {}),
          }),
    onSuccess: () => {
      message.success(t('timetable.saved'))
      onClose()
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['jobs'] }),
  })
  return (
    <Modal
      open
      title={t('timetable.editTitle', { job: label('job', job.name) })}
      okText={t('common.save')}
      cancelText={t('common.cancel')}
      okButtonProps={{
        loading: save.isPending,
        disabled: !preview.good || cron === job.cron,
        ...testId('schedule-save'),
      }}
      onOk={() => save.mutate(cron)}
      onCancel={onClose}
    >
      <p className="hint schedule-hint">{t('timetable.editHint')}</p>
      {save.error && <Alert className="modal-hint" type="error" showIcon title={problem(save.error)} />}
      <Form layout="vertical" requiredMark={false}>
        <RhythmFields value={rhythm} onChange={(part) => setRhythm((before) => ({ ...before, ...part }))} />
        <SchedulePreviewPanel preview={preview} />
        <Form.Item label={t('timetable.reason')}>
          <Input
            value={reason}
            maxLength={500}
            onChange={(event) => setReason(event.target.value)}
            data-testid="schedule-reason"
          />
        </Form.Item>
      </Form>
      {job.cron !== job.defaultCron && (
        <Button
          type="link"
          className="schedule-default"
          disabled={save.isPending}
          onClick={() => save.mutate(null)}
          data-testid="schedule-default"
        >
          {t('timetable.toDefault', { words: words(job.defaultCron) })}
        </Button>
      )}
    </Modal>
  )
}
