import { useMutation } from '@tanstack/react-query'
import { App } from 'antd'
import { api } from '../api/client.ts'
import { useProblemText } from '../components/problem.ts'

/** Ends the session, or says why it could not. */
export function useSignOut(): () => void {
  const { message } = App.useApp()
  const problem = useProblemText()
  const { mutate } = useMutation({
    mutationFn: () => api.delete('/session'),
    // A fresh page: nothing of the account stays, on the screen or in memory.
    onSuccess: () => location.assign('/sign-in'),
    onError: (error) => message.error(problem(error)),
  })
  return () => mutate()
}
