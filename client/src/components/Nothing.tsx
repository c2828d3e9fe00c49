import { Button } from 'antd'
import type { ReactNode } from 'react'
import { Link } from 'react-router-dom'
import { useCan } from '../app/session.tsx'
import { useText } from '../i18n/index.ts'
import { Panel } from './states.tsx'
import { usePast } from './usePast.ts'

/**
 * Says why a list holds nothing, by what is in its way: filters, which can be cleared; a past in which there was
 * nothing yet, which can be left; or that there is nothing at all, for which the panel within says what to do.
 */
export function Nothing(props: {
  filtered: boolean
  onClear: () => void
  /** what is said of a past, by lists that can show one */
  past?: string
  children: ReactNode
}) {
  const { t } = useText()
  const { active, set } = usePast()
  if (props.filtered)
    return (
      <Panel
        testId="empty"
        title={t('state.noMatch')}
        actions={<Button onClick={props.onClear}>{t('common.clear')}</Button>}
      />
    )
  if (active && props.past)
    return (
      <Panel
        testId="empty"
        title={props.past}
        actions={<Button onClick={() => set({})}>{t('past.leave')}</Button>}
      />
    )
  return props.children
}

/** Says that nothing has been recorded yet, and leads those who may send a list to where they do. */
export function NothingRecorded({ hint }: { hint: string }) {
  const { t } = useText()
  const can = useCan()
  return (
    <Panel
      testId="empty"
      title={t('state.empty')}
      hint={hint}
      actions={can('import.send') && <Link to="/uploads/send">{t('dashboard.goUpload')}</Link>}
    />
  )
}
