import type { ThemeConfig } from 'antd'

/** The colours that meaning is carried by; the style sheets have the same under the same names. */
export const COLOURS = {
  ink: '#16302f',
  muted: '#5b6f6e',
  line: '#e1e8e6',
  accent: '#0e6b5c',
  accentSoft: 'rgba(14, 107, 92, 0.12)',
  blue: '#2a628f',
  good: '#14774f',
  warn: '#9a5b00',
  bad: '#b3361f',
} as const

/** How Ant Design's parts look here. */
export const theme: ThemeConfig = {
  token: {
    // the style sheet's, which depends on the language
    fontFamily: 'var(--font)',
    fontSize: 14,
    colorPrimary: COLOURS.accent,
    colorInfo: COLOURS.blue,
    colorLink: COLOURS.accent,
    colorSuccess: COLOURS.good,
    colorWarning: COLOURS.warn,
    colorError: COLOURS.bad,
    // Ant Design mixes the grounds from the colours above, which turns these deep ones grey.
    colorSuccessBg: '#e9f6f0',
    colorSuccessBorder: '#b5dfca',
    colorWarningBg: '#fef6e6',
    colorWarningBorder: '#f0d6a3',
    colorErrorBg: '#fdf0ec',
    colorErrorBorder: '#f2c4b7',
    colorInfoBg: '#eef4f9',
    colorInfoBorder: '#c5d9e8',
    colorText: COLOURS.ink,
    colorTextSecondary: COLOURS.muted,
    colorTextDescription: COLOURS.muted,
    colorBorderSecondary: COLOURS.line,
    colorBgLayout: '#f4f7f6',
    borderRadius: 8,
    wireframe: false,
    // Who has asked for less movement gets none.
    motion: !window.matchMedia('(prefers-reduced-motion: reduce)').matches,
    motionDurationMid: '0.14s',
    motionDurationSlow: '0.2s',
  },
  components: {
    Table: {
      headerBg: '#f4f7f6',
      headerColor: COLOURS.muted,
      headerSplitColor: 'transparent',
      cellPaddingBlock: 11,
    },
    Button: { primaryShadow: 'none', defaultShadow: 'none', fontWeight: 500 },
    Segmented: { trackBg: '#e4ecea', itemSelectedColor: COLOURS.accent },
    Modal: { titleFontSize: 17 },
  },
}
