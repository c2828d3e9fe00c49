import { useMemo } from 'react'
import { ProblemError } from '../api/client.ts'
import { type TextKey, useText } from '../i18n/index.ts'

/** What the service has no words for, as it was not there to say them. */
const WITHOUT_SERVICE = new Map<string, TextKey>([
  ['offline', 'state.offline'],
  ['download.broken', 'state.broken'],
])

/** What an error says to the reader: by its code in our words, never the service's English. */
export function useProblemText(): (error: unknown) => string {
  const { t, label, issue } = useText()
  return useMemo(
    () => (error) => {
      if (!(error instanceof ProblemError)) return t('problem.internal')
      const own = WITHOUT_SERVICE.get(error.code)
      if (own) return t(own)
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
