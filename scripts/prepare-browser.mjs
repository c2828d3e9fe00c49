// Sees to it that the browser tests find Chromium and a Chinese font: installs Debian's packages where it may,
// says exactly what is missing where it may not.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const browser = () => process.env.CHROMIUM_PATH ?? CANDIDATES.find((path) => existsSync(path))
const hasFont = () => spawnSync('fc-list', [':lang=zh', 'family'], { encoding: 'utf8' }).stdout?.trim()

const missing = []
if (!browser()) missing.push('chromium')
if (!hasFont()) missing.push('fonts-noto-cjk')

if (missing.length > 0) {
  const apt = spawnSync('apt-get', ['--version']).status === 0
  if (!apt || process.getuid?.() !== 0) fail()
  console.log(`安装浏览器测试所需软件 Installing for the browser tests: ${missing.join(' ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const run = (...args) =>
    spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0
  if (
    !run('update', '-q') ||
    !run('install', '-y', '-q', '--no-install-recommends', ...missing, 'fontconfig')
  )
    fail()
  if (!browser() || !hasFont()) fail()
}

function fail() {
  console.error(
    `缺少浏览器测试所需软件:${missing.join('、')}。请以管理员身份安装(Debian: apt-get install ${missing.join(' ')}),或以 CHROMIUM_PATH 指定浏览器。\n` +
      `The browser tests lack ${missing.join(' and ')}. Install them as root (Debian: apt-get install ${missing.join(' ')}), or name a Chromium with CHROMIUM_PATH.`,
  )
  process.exit(1)
}
