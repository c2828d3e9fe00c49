import { Button, Modal } from 'antd'
import { useEffect } from 'react'
import { useBlocker } from 'react-router-dom'
import { testId } from '../../components/testId.ts'
import { useText } from '../../i18n/index.ts'

/**
 * Asks before unsaved input is left. What is kept for later shows again when the form is opened in this tab.
 * @param onDiscard forgets what was entered
 */
export function LeaveGuard({ dirty, onDiscard }: { dirty: boolean; onDiscard: () => void }) {
  const { t } = useText()
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => dirty && currentLocation.pathname !== nextLocation.pathname,
  )
  useEffect(() => {
    if (!dirty) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [dirty])
  const stay = () => blocker.reset?.()
  return (
    <Modal
      open={blocker.state === 'blocked'}
      title={t('entry.leaveTitle')}
      onCancel={stay}
      footer={[
        <Button
          key="discard"
          danger
          onClick={() => {
            onDiscard()
            blocker.proceed?.()
          }}
          {...testId('leave-discard')}
        >
          {t('entry.leaveDiscard')}
        </Button>,
        <Button key="keep" onClick={() => blocker.proceed?.()} {...testId('leave-keep')}>
          {t('entry.leaveKeep')}
        </Button>,
        <Button key="stay" type="primary" autoFocus onClick={stay} {...testId('leave-stay')}>
          {t('entry.leaveStay')}
        </Button>,
      ]}
    >
      <p>{t('entry.leaveText')}</p>
    </Modal>
  )
}
