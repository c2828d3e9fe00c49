import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { useRef } from 'react'
import { api, ProblemError } from '../../api/client.ts'
import { useText } from '../../i18n/index.ts'
import { readDraft } from './read-draft.ts'
import { type EntryForm, firstFaulty, focusField, type WithEffects } from './useEntryForm.ts'

/**
 * Saves the form when nothing stands in its way; else shows what does and puts the cursor there.
 * @param onSaved told what was recorded
 */
export function useSave(form: EntryForm, onSaved: (entry: WithEffects) => void) {
  const { t } = useText()
  const client = useQueryClient()
  const { message } = App.useApp()
  const saving = useMutation({
    mutationFn: () => {
      const { body } = readDraft(form.draft, form.today)
      // A reason that was typed before the entry became harmless is not kept with it.
      if (!form.asksReason && !form.trial.waiting) delete body.breachReason
      return api.post<WithEffects>(form.target.path, form.target.request(body, form.draft.why.trim()))
    },
    onSuccess: (entry) => {
      void client.invalidateQueries({ queryKey: ['ledger'] })
      onSaved(entry)
    },
    onError: (error) => {
      form.setRefusal(error)
      if (error instanceof ProblemError && error.code === 'change.breaks-target')
        // The field is drawn with the answer.
        requestAnimationFrame(() => focusField('breachReason'))
    },
  })
  // Two quick presses come before the form is drawn as being saved.
  const busy = useRef(false)
  const save = () => {
    if (busy.current) return
    form.setAttempted(true)
    if (form.unsent.sending > 0) {
      message.warning(t('entry.stillSending'))
      return
    }
    if (form.unsent.failed > 0) {
      message.warning(t('entry.notSent'))
      focusField('attachments')
      return
    }
    if (form.target.correcting && form.draft.why.trim() === '') {
      focusField('why')
      return
    }
    const faulty = firstFaulty(form)
    // An answer to what was entered before must not stand in the way of what is entered now.
    if (
      faulty &&
      !(form.trial.waiting && form.faults.every((f) => f.severity !== 'error' || isRemote(form, f)))
    ) {
      focusField(faulty)
      return
    }
    if (form.breaks.length > 0 && !form.trial.waiting && form.draft.breachReason.trim() === '') {
      focusField('breachReason')
      return
    }
    busy.current = true
    saving.mutate(undefined, {
      onSettled: () => {
        busy.current = false
      },
    })
  }
  return { save, saving: saving.isPending }
}

const isRemote = (form: EntryForm, fault: EntryForm['faults'][number]): boolean =>
  !readDraft(form.draft, form.today).faults.some((f) => f.field === fault.field && f.code === fault.code)
