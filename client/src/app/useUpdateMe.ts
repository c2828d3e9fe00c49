import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import type { z } from 'zod'
import type { Language, Me, updateMe } from '../../../server/accounts/schema.ts'
import { WISHES } from '../../../server/accounts/wishes.ts'
import { api } from '../api/client.ts'
import { queries } from '../api/queries.ts'
import { useProblemText } from '../components/problem.ts'
import { changeLanguage, useText } from '../i18n/index.ts'

/** Changes one's own name, language or wish for mails, and says that it is done. */
export function useUpdateMe() {
  const { t } = useText()
  const { message } = App.useApp()
  const client = useQueryClient()
  const problem = useProblemText()
  const update = useMutation({
    mutationFn: (change: z.input<typeof updateMe>) => api.patch<Me>('/me', change),
    onSuccess: (now, change) => {
      client.setQueryData(queries.me().queryKey, now)
      if (change.name !== undefined) message.success(t('common.saved'))
      for (const wish of WISHES) {
        const what = t(`mailing.wish.${wish}`)
        if (change[wish] !== undefined)
          message.success(t(change[wish] ? 'mailing.on' : 'mailing.off', { what }))
      }
    },
    onError: (error) => message.error(problem(error)),
  })
  const chooseLanguage = (language: Language) => {
    changeLanguage(language)
    update.mutate({ language })
  }
  return { update, chooseLanguage }
}
