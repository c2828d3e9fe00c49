import { MenuOutlined } from '@ant-design/icons'
import { Button, Drawer } from 'antd'
import { useEffect, useState } from 'react'
import { Link, Outlet, useLocation } from 'react-router-dom'
import { Logo } from '../components/Logo.tsx'
import { useText } from '../i18n/index.ts'
import { AccountMenu } from './AccountMenu.tsx'
import { Navigation } from './Navigation.tsx'
import { QuickSearch } from './QuickSearch.tsx'
import { useSlashKey } from './useSlashKey.ts'

/** The frame around every page: navigation at the side, or in a drawer on a narrow screen. */
export function Shell() {
  const { t } = useText()
  const [open, setOpen] = useState(false)
  const { pathname } = useLocation()
  useSlashKey()
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page closes the drawer
  useEffect(() => setOpen(false), [pathname])
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {t('nav.skip')}
      </a>
      <aside className="side">
        <Link to="/" className="side-brand">
          <Logo />
          <span>{t('product.name')}</span>
        </Link>
        <QuickSearch />
        <Navigation />
        <div className="side-foot">
          <AccountMenu />
        </div>
      </aside>
      <header className="top">
        <Button
          type="text"
          className="top-menu"
          icon={<MenuOutlined />}
          aria-label={t('nav.open')}
          data-testid="open-menu"
          onClick={() => setOpen(true)}
        />
        <Link to="/" className="side-brand">
          <Logo />
          <span>{t('product.name')}</span>
        </Link>
        <AccountMenu compact />
      </header>
      <Drawer
        open={open}
        onClose={() => setOpen(false)}
        placement="left"
        size={264}
        title={t('product.name')}
        className="drawer"
        rootClassName="drawer-root"
      >
        <QuickSearch />
        <Navigation />
      </Drawer>
      <main id="content" className="content" tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  )
}
