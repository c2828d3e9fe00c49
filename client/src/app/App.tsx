import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { App as AntApp, ConfigProvider } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import dayjs from 'dayjs'
import 'dayjs/locale/zh-cn'
import { useEffect } from 'react'
import { I18nextProvider } from 'react-i18next'
import { RouterProvider } from 'react-router-dom'
import { ProblemError } from '../api/client.ts'
import { i18n, useText } from '../i18n/index.ts'
import { router } from './router.tsx'
import { theme } from './theme.ts'

/**
 * An answer "sign in first", wherever it comes, forgets the account; `RequireSession` then leads to the sign-in. One
 * that wants the second factor set up first reads the account anew; `RequireSession` then shows how.
 */
const onError = (error: unknown) => {
  if (!(error instanceof ProblemError)) return
  if (error.code === 'session.required') client.setQueryData(['me'], null)
  if (error.code === 'second-factor.required') void client.invalidateQueries({ queryKey: ['me'] })
}

const client = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // What the service refuses it refuses again; only a broken line is worth another try.
      retry: (failures, error) =>
        failures < 2 && error instanceof ProblemError && [0, 502, 503, 504].includes(error.status),
    },
  },
})

function Localised() {
  const { language } = useText()
  useEffect(() => {
    dayjs.locale(language === 'en' ? 'en' : 'zh-cn')
  }, [language])
  return (
    <ConfigProvider
      theme={theme}
      locale={language === 'en' ? enUS : zhCN}
      button={{ autoInsertSpace: false }}
    >
      <AntApp component={false}>
        <RouterProvider router={router} />
      </AntApp>
    </ConfigProvider>
  )
}

/** The application with everything that surrounds its pages. */
export function App() {
  return (
    <I18nextProvider i18n={i18n}>
      <QueryClientProvider client={client}>
        <Localised />
      </QueryClientProvider>
    </I18nextProvider>
  )
}
