import { type ComponentType, lazy, Suspense } from 'react'
import { createBrowserRouter } from 'react-router-dom'
import { PageSkeleton } from '../components/PageSkeleton.tsx'
import { CrashPage } from './CrashPage.tsx'
import { RequireSession } from './RequireSession.tsx'
import { Shell } from './Shell.tsx'

/** A page that is fetched when it is first opened. */
function page(load: () => Promise<{ default: ComponentType }>) {
  const Page = lazy(load)
  return (
    <Suspense fallback={<PageSkeleton />}>
      <Page />
    </Suspense>
  )
}

/** Every address of the application. */
export const router = createBrowserRouter([
  {
    errorElement: <CrashPage />,
    children: [
      { path: '/setup', element: page(() => import('../pages/entrance/SetupPage.tsx')) },
      { path: '/sign-in', element: page(() => import('../pages/entrance/SignInPage.tsx')) },
      { path: '/forgot', element: page(() => import('../pages/entrance/ForgotPage.tsx')) },
      { path: '/unsubscribe', element: page(() => import('../pages/unsubscribe/UnsubscribePage.tsx')) },
      { path: '/link', element: page(() => import('../pages/entrance/LinkPage.tsx')) },
      { path: '/nil', element: page(() => import('../pages/entrance/NilPage.tsx')) },
      { path: '/check', element: page(() => import('../pages/check/CheckPage.tsx')) },
      { path: '/check/:number', element: page(() => import('../pages/check/CheckPage.tsx')) },
      {
        element: (
          <RequireSession>
            <Shell />
          </RequireSession>
        ),
        children: [
          {
            // A page that fails leaves the menu standing.
            errorElement: <CrashPage />,
            children: [
              { path: '/', element: page(() => import('../pages/dashboard/DashboardPage.tsx')) },
              {
                path: '/breakdown/:rule',
                element: page(() => import('../pages/breakdown/BreakdownPage.tsx')),
              },
              { path: '/evidence/:rule', element: page(() => import('../pages/evidence/EvidencePage.tsx')) },
              {
                path: '/undetermined/:rule',
                element: page(() => import('../pages/undetermined/UndeterminedPage.tsx')),
              },
              { path: '/vehicles', element: page(() => import('../pages/vehicles/VehiclesPage.tsx')) },
              { path: '/vehicles/:id', element: page(() => import('../pages/vehicles/VehiclePage.tsx')) },
              { path: '/changes', element: page(() => import('../pages/changes/ChangesPage.tsx')) },
              { path: '/changes/new', element: page(() => import('../pages/entry/EntryPage.tsx')) },
              { path: '/changes/:id/correct', element: page(() => import('../pages/entry/CorrectPage.tsx')) },
              { path: '/uploads', element: page(() => import('../pages/uploads/UploadsPage.tsx')) },
              { path: '/uploads/send', element: page(() => import('../pages/uploads/SendPage.tsx')) },
              { path: '/uploads/:id', element: page(() => import('../pages/uploads/UploadPage.tsx')) },
              { path: '/reporting', element: page(() => import('../pages/reporting/ReportingPage.tsx')) },
              { path: '/alerts', element: page(() => import('../pages/alerts/AlertsPage.tsx')) },
              { path: '/disputes', element: page(() => import('../pages/disputes/DisputesPage.tsx')) },
              { path: '/disputes/:id', element: page(() => import('../pages/disputes/DisputePage.tsx')) },
              { path: '/operators', element: page(() => import('../pages/operators/OperatorsPage.tsx')) },
              {
                path: '/assessments',
                element: page(() => import('../pages/assessments/AssessmentsPage.tsx')),
              },
              { path: '/reports', element: page(() => import('../pages/reports/ReportsPage.tsx')) },
              { path: '/reports/:id', element: page(() => import('../pages/reports/ReportPage.tsx')) },
              { path: '/due', element: page(() => import('../pages/due/DuePage.tsx')) },
              { path: '/quality', element: page(() => import('../pages/quality/QualityPage.tsx')) },
              { path: '/quality/late', element: page(() => import('../pages/quality/LatePage.tsx')) },
              { path: '/quality/warnings', element: page(() => import('../pages/quality/WarningsPage.tsx')) },
              { path: '/quality/missing', element: page(() => import('../pages/quality/MissingPage.tsx')) },
              { path: '/open-data', element: page(() => import('../pages/quality/OpenDataPage.tsx')) },
              { path: '/policy', element: page(() => import('../pages/policy/PolicyPage.tsx')) },
              { path: '/scenarios', element: page(() => import('../pages/scenarios/ScenariosPage.tsx')) },
              { path: '/mails', element: page(() => import('../pages/mails/MailsPage.tsx')) },
              { path: '/mails/disabled', element: page(() => import('../pages/mails/DisabledPage.tsx')) },
              { path: '/mails/:id', element: page(() => import('../pages/mails/MailPage.tsx')) },
              { path: '/recipients', element: page(() => import('../pages/recipients/RecipientsPage.tsx')) },
              { path: '/jobs', element: page(() => import('../pages/jobs/JobsPage.tsx')) },
              { path: '/jobs/:name', element: page(() => import('../pages/jobs/JobRunsPage.tsx')) },
              { path: '/me', element: page(() => import('../pages/me/MePage.tsx')) },
              { path: '/accounts', element: page(() => import('../pages/accounts/AccountsPage.tsx')) },
              { path: '/audit', element: page(() => import('../pages/audit/AuditPage.tsx')) },
              { path: '*', element: page(() => import('../pages/NotFoundPage.tsx')) },
            ],
          },
        ],
      },
    ],
  },
])
