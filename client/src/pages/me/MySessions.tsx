import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { api } from '../../api/client.ts'
import { type SessionView, securityQueries } from '../../api/security.ts'
import { useProblemText } from '../../components/problem.ts'
import { Resource } from '../../components/Resource.tsx'
import { testId } from '../../components/testId.ts'
import { useText } from '../../i18n/index.ts'
import { deviceOf } from './agent.ts'
import { SessionList } from './SessionList.tsx'

/** Where one is signed in; ends one session, or all the others. */
export function MySessions() {
  const { t } = useText()
  const client = useQueryClient()
  const problem = useProblemText()
  const { message, modal } = App.useApp()
  const query = useQuery(securityQueries.sessions(null))
  const end = useMutation({
    mutationFn: (id: string | null) => api.delete(id === null ? '/me/sessions' : `/me/sessions/${id}`),
    onSuccess: (_, id) => message.success(t(id === null ? 'devices.endedOthers' : 'devices.ended')),
    onError: (error) => message.error(problem(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ['sessions'] }),
  })
  const ask = (title: string, content: string, id: string | null) =>
    modal.confirm({
      title,
      content,
      okText: t('devices.end'),
      cancelText: t('common.cancel'),
      okButtonProps: { danger: true, ...testId('end-confirm') },
      // A refusal is told by the mutation; the question is closed either way.
      onOk: () => end.mutateAsync(id).catch(() => undefined),
    })
  const endOne = (s: SessionView) =>
    ask(
      t('devices.endTitle'),
      t('devices.endHint', { device: deviceOf(s.agent) || t('devices.unknown') }),
      s.id,
    )
  return (
    <Resource query={query}>
      {({ items }) => {
        const others = items.filter((s) => !s.current).length
        return (
          <>
            <div className="list-head">
              <span>{t('devices.lead')}</span>
              {others > 0 && (
                <Button
                  danger
                  onClick={() =>
                    ask(
                      t('devices.endOthersTitle'),
                      t('devices.endOthersHint', { n: others, count: others }),
                      null,
                    )
                  }
                  data-testid="end-others"
                >
                  {t('devices.endOthers')}
                </Button>
              )}
            </div>
            <SessionList sessions={items} onEnd={endOne} />
            {others === 0 && <p className="hint me-below">{t('devices.only')}</p>}
          </>
        )
      }}
    </Resource>
  )
}
