import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import type { NilReport } from '../../../../server/reporting/schema.ts'
import { api } from '../../api/client.ts'
import { useProblemText } from '../../components/problem.ts'
import { useText } from '../../i18n/index.ts'
import { useMonthName } from './useMonthName.ts'

export interface Nil {
  month: string
  /** for officers: on whose behalf */
  operator?: string | undefined
}

/** Reports that there is nothing to report, and takes it back. */
export function useNil() {
  const { t } = useText()
  const { message } = App.useApp()
  const problem = useProblemText()
  const client = useQueryClient()
  const monthName = useMonthName()
  const settled = {
    onError: (error: unknown) => void message.error(problem(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ['reporting'] }),
  }
  const report = useMutation({
    mutationFn: ({ month, operator }: Nil) =>
      api.post<NilReport>('/reporting/nil', { month, ...(operator ? { operator } : {}) }),
    onSuccess: (_report, { month }) =>
      void message.success(t('reporting.nilDone', { month: monthName(month) })),
    ...settled,
  })
  const takeBack = useMutation({
    mutationFn: ({ month, operator }: Nil) => api.delete(`/reporting/nil/${month}`, { operator }),
    onSuccess: () => void message.success(t('reporting.nilUndone')),
    ...settled,
  })
  return { report, takeBack }
}
