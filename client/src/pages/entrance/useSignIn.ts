import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Me } from '../../../../server/accounts/schema.ts'
import { api, ProblemError } from '../../api/client.ts'
import { useEnter } from '../../app/session.tsx'

export interface Credentials {
  email: string
  password: string
}

const asksForCode = (error: unknown): boolean =>
  error instanceof ProblemError && error.code === 'session.second-factor'

/**
 * Signs in: with address and password, then with a code where the account has a second factor.
 * @param onDone told when the session is open
 */
export function useSignIn(onDone: (me: Me) => void) {
  const enter = useEnter()
  // Kept in memory only, between the two steps.
  const [known, setKnown] = useState<Credentials | null>(null)
  const attempt = useMutation({
    mutationFn: async (given: Credentials & { code?: string }) => {
      await api.post('/session', given)
      return api.get<Me>('/me')
    },
    onSuccess: (me) => {
      enter(me)
      onDone(me)
    },
    onError: (error, { email, password }) => {
      if (asksForCode(error)) setKnown({ email, password })
    },
  })
  return {
    step: known === null ? ('credentials' as const) : ('code' as const),
    /** what went wrong; that a code is wanted is no failure */
    error: asksForCode(attempt.error) ? null : attempt.error,
    busy: attempt.isPending || attempt.isSuccess,
    submit: ({ email, password }: Credentials) => attempt.mutate({ email: email.trim(), password }),
    submitCode: (code: string) => known && attempt.mutate({ ...known, code }),
    forgetError: () => attempt.isError && attempt.reset(),
    /** back to the first step */
    restart: () => {
      setKnown(null)
      attempt.reset()
    },
  }
}

export type SignIn = ReturnType<typeof useSignIn>
