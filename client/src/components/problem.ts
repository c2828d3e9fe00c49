import { useMemo } from 'react'
import { ProblemError } from '../api/client.ts'
import { useText } from '../i18n/index.ts'

/** What an error says to the reader: by its code in our words, never the service's English. */
export function useProblemText(): (error: unknown) => string {
  const { t, label } = useText()
  return useMemo(
    () => (error) => {
      if (!(error instanceof ProblemError)) return t('problem.internal')
      if (error.code === 'offline') return t('state.offline')
      const text = label('problem', error.code)
      return text === error.code ? t('problem.internal') : text
    },
    [t, label],
  )
}
