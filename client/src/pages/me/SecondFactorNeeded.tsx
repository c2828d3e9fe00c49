import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useMe } from '../../app/session.tsx'
import { useSignOut } from '../../app/useSignOut.ts'
import { useText } from '../../i18n/index.ts'
import { Entrance } from '../entrance/Entrance.tsx'
import { SecondFactorSetup } from './SecondFactorSetup.tsx'

/** In the place of every page, until the second factor that an administrator requires is set up. */
export default function SecondFactorNeeded() {
  const { t } = useText()
  const me = useMe()
  const client = useQueryClient()
  const signOut = useSignOut()
  return (
    <Entrance title={t('twoStep.neededTitle')} lead={t('twoStep.neededLead')} wide>
      <div className="factor-needed" data-testid="second-factor-needed">
        <SecondFactorSetup onDone={() => client.invalidateQueries()} />
      </div>
      <div className="entrance-more">
        <span className="hint">
          {me.name} · {me.email}
        </span>
        <Button type="link" onClick={signOut} data-testid="sign-out">
          {t('account.signOut')}
        </Button>
      </div>
    </Entrance>
  )
}
