import { MenuOutlined } from '@ant-design/icons'
import { Button, Drawer } from 'antd'
import { useEffect, useLayoutEffect, useState } from 'react'
import { Link, Outlet, useLocation, useNavigationType } from 'react-router-dom'
import { Logo } from '../components/Logo.tsx'
import { DRAWER_WIDTH, useNarrow } from '../components/useNarrow.ts'
import { useText } from '../i18n/index.ts'
import { AccountMenu } from './AccountMenu.tsx'
import { Bell } from './Bell.tsx'
import { CheckBanner } from './CheckBanner.tsx'
import { Navigation } from './Navigation.tsx'
import { QuickSearch } from './QuickSearch.tsx'
import { useSlashKey } from './useSlashKey.ts'

/** The frame around every page: navigation at the side, or in a drawer on a narrow screen. */
export function Shell() {
  const { t } = useText()
  const narrow = useNarrow(DRAWER_WIDTH)
  useSlashKey()
  useTop()
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {t('nav.skip')}
      </a>
      {narrow ? <TopBar /> : <SideBar />}
      <main id="content" className="content" tabIndex={-1}>
        <CheckBanner />
        <Outlet />
      </main>
    </div>
  )
}

/** Another page begins at its top; going back, the browser itself finds the place where one was. */
function useTop() {
  const { pathname } = useLocation()
  const kind = useNavigationType()
  // biome-ignore lint/correctness/useExhaustiveDependencies: each other page, however it was come to
  useLayoutEffect(() => {
    if (kind !== 'POP') window.scrollTo(0, 0)
  }, [pathname])
}

const Brand = () => {
  const { t } = useText()
  return (
    <Link to="/" className="side-brand">
      <Logo />
      <span>{t('product.name')}</span>
    </Link>
  )
}

const SideBar = () => (
  <aside className="side">
    <div className="side-head">
      <Brand />
      <Bell />
    </div>
    <QuickSearch />
    <Navigation />
    <div className="side-foot">
      <AccountMenu />
    </div>
  </aside>
)

function TopBar() {
  const { t } = useText()
  const [open, setOpen] = useState(false)
  const { pathname, search } = useLocation()
  // biome-ignore lint/correctness/useExhaustiveDependencies: going to another page closes the drawer
  useEffect(() => setOpen(false), [pathname, search])
  return (
    <header className="top">
      <Button
        type="text"
        className="top-menu"
        icon={<MenuOutlined />}
        aria-label={t('nav.open')}
        data-testid="open-menu"
        onClick={() => setOpen(true)}
      />
      <Brand />
      <Bell />
      <AccountMenu compact />
      <Drawer
        open={open}
        onClose={() => setOpen(false)}
        placement="left"
        size={264}
        title={t('product.name')}
        rootClassName="drawer-root"
      >
        <QuickSearch />
        <Navigation />
      </Drawer>
    </header>
  )
}
