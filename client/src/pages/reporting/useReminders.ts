import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import type { OperatorReminders } from '../../../../server/reporting/reminder-schema.ts'
import { alertQueries } from '../../api/alerts.ts'
import { api } from '../../api/client.ts'
import { useCan } from '../../app/session.tsx'
import { useProblemText } from '../../components/problem.ts'
import { useText } from '../../i18n/index.ts'

/** What a month's operators were sent, for those who decide their lists; by operator. */
export function useReminders(month: string): ReadonlyMap<string, OperatorReminders> | null {
  const can = useCan()
  const { data } = useQuery({ ...alertQueries.reminders(month), enabled: can('import.decide') })
  return data ? new Map(data.items.map((item) => [item.operator, item])) : null
}

/** Reminds one operator at once. */
export function useRemindNow() {
  const { t } = useText()
  const { message } = App.useApp()
  const problem = useProblemText()
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ month, operator }: { month: string; operator: string; name: string }) =>
      api.post('/reporting/reminders', { month, operator }),
    onSuccess: (_answer, { name }) => void message.success(t('remind.done', { name })),
    onError: (error: unknown) => void message.error(problem(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ['reporting'] }),
  })
}
