import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Checkbox, Modal } from 'antd'
import { useState } from 'react'
import { type Account, ROLES, type Role } from '../../../../server/accounts/schema.ts'
import { api } from '../../api/client.ts'
import { type SettingsView, securityQueries } from '../../api/security.ts'
import { useMe } from '../../app/session.tsx'
import { useProblemText } from '../../components/problem.ts'
import { testId } from '../../components/testId.ts'
import { useText } from '../../i18n/index.ts'

interface Props {
  open: boolean
  accounts: readonly Account[]
  required: readonly Role[]
  onClose: () => void
}

/** Which roles must have a second factor. */
export function SecuritySettings({ open, accounts, required, onClose }: Props) {
  const { t } = useText()
  const client = useQueryClient()
  const problem = useProblemText()
  const { message } = App.useApp()
  // null: as they are, until somebody ticks something.
  const [ticked, setTicked] = useState<Role[] | null>(null)
  const save = useMutation({
    mutationFn: (requireSecondFactor: Role[]) =>
      api.patch<SettingsView>('/settings', { requireSecondFactor }),
    onSuccess: async (settings) => {
      client.setQueryData(securityQueries.settings().queryKey, settings)
      message.success(t('common.saved'))
      onClose()
      // One's own role may be among them.
      await client.invalidateQueries({ queryKey: ['me'] })
    },
  })
  const chosen = ticked ?? required
  return (
    <Modal
      open={open}
      title={t('people.settingsTitle')}
      okText={t('common.save')}
      cancelText={t('common.cancel')}
      okButtonProps={{ loading: save.isPending, disabled: ticked === null, ...testId('settings-save') }}
      onOk={() => ticked && save.mutate(ticked)}
      onCancel={onClose}
      afterClose={() => {
        setTicked(null)
        save.reset()
      }}
    >
      <h3 className="settings-head">{t('people.require')}</h3>
      <p className="hint modal-hint">{t('people.requireHint')}</p>
      {save.isError && <Alert className="modal-hint" type="error" showIcon title={problem(save.error)} />}
      <Checkbox.Group
        className="settings-roles"
        value={[...chosen]}
        onChange={(roles: Role[]) => setTicked(roles)}
        options={ROLES.map((value) => ({
          value,
          label: <span data-testid={`require-${value}`}>{t(`role.${value}`)}</span>,
        }))}
      />
      <Consequence accounts={accounts} chosen={chosen} />
    </Modal>
  )
}

/** Whom the requirement stops until they have set it up. */
function Consequence({ accounts, chosen }: { accounts: readonly Account[]; chosen: readonly Role[] }) {
  const { t } = useText()
  const me = useMe()
  if (chosen.length === 0) return <p className="hint settings-note">{t('people.requireNone')}</p>
  const without = accounts.filter((a) => a.active && !a.secondFactor && chosen.includes(a.role)).length
  if (without === 0) return null
  const self = !me.secondFactor && chosen.includes(me.role)
  return (
    <Alert
      className="settings-note"
      type={self ? 'warning' : 'info'}
      showIcon
      title={
        <>
          {t('people.requireCount', { n: without, count: without })}
          {self && <div>{t('people.requireSelf')}</div>}
        </>
      }
    />
  )
}
