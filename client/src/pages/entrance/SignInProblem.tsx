import { Alert } from 'antd'
import { useEffect, useState } from 'react'
import { ProblemError } from '../../api/client.ts'
import { useProblemText } from '../../components/problem.ts'
import { useText } from '../../i18n/index.ts'
import './steps.css'

const waitOf = (error: unknown): number =>
  error instanceof ProblemError && error.status === 429 ? (error.retryAfter ?? 0) : 0

/** How many seconds are left until another try, counted from when the answer came; 0 when one may try. */
export function useWait(error: unknown): number {
  const [left, setLeft] = useState(0)
  useEffect(() => {
    const seconds = waitOf(error)
    const until = performance.now() + seconds * 1000
    setLeft(seconds)
    if (seconds === 0) return
    const timer = setInterval(() => {
      const now = Math.max(0, Math.ceil((until - performance.now()) / 1000))
      setLeft(now)
      if (now === 0) clearInterval(timer)
    }, 250)
    return () => clearInterval(timer)
  }, [error])
  return left
}

/**
 * Why an attempt to sign in failed; after too many, how long to wait.
 * @param refused what to say of a code that was refused, where the service's words do not fit
 */
export function SignInProblem(props: { error: unknown; wait: number; refused?: string }) {
  const { error, wait, refused } = props
  const { t } = useText()
  const problem = useProblemText()
  if (!error) return null
  const throttled = waitOf(error) > 0
  const time =
    wait >= 90
      ? t('entrance.minutes', { n: Math.ceil(wait / 60) })
      : t('entrance.seconds', { n: Math.max(1, wait) })
  const wrongCode = error instanceof ProblemError && error.code === 'session.wrong-code'
  const said = wrongCode && refused !== undefined ? refused : problem(error)
  const title = throttled ? t(wait > 0 ? 'entrance.wait' : 'entrance.waitOver', { time }) : said
  return (
    <Alert
      className="sign-in-problem"
      type={throttled ? (wait > 0 ? 'warning' : 'info') : 'error'}
      showIcon
      title={title}
      data-testid="sign-in-problem"
    />
  )
}
