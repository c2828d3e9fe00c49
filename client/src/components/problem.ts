import { useMemo } from 'react'
import { ProblemError } from '../api/client.ts'
import { useText } from '../i18n/index.ts'

/** What an error says to the reader: by its code in our words, never the service's English. */
export function useProblemText(): (error: unknown) => string {
  const { t, label, issue } = useText()
  return useMemo(
    () => (error) => {
      if (!(error instanceof ProblemError)) return t('problem.internal')
      if (error.code === 'offline') return t('state.offline')
      const text = label('problem', error.code)
      if (text === error.code) return t('problem.internal')
      // What is wrong with which field says more than that something is.
      const faults = error.errors.flatMap(({ code, params }) => {
        const fault = label('fault', code)
        if (fault !== code) return [fault]
        return label('issueName', code) === code ? [] : [issue(code, params ?? {})]
      })
      return faults.length === 0 ? text : [...new Set(faults)].join(' ')
    },
    [t, label, issue],
  )
}
