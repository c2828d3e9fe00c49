import { HistoryOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, DatePicker, Popover } from 'antd'
import dayjs from 'dayjs'
import { type RefObject, useRef, useState } from 'react'
import { queries } from '../api/queries.ts'
import { useMe } from '../app/session.tsx'
import { instant } from '../format.ts'
import { useText } from '../i18n/index.ts'
import { today } from './choices.tsx'
import { type Past, usePast } from './usePast.ts'
import './past.css'

/** Chooses the past that a page shows: a day, an instant of knowledge, or one of the usual ones. */
export function PastControl() {
  const { t } = useText()
  const past = usePast()
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const form = useRef<HTMLFormElement>(null)
  const show = (shown: boolean) => {
    // Whoever is in what goes away goes on from where it was opened.
    if (!shown && form.current?.contains(document.activeElement)) button.current?.focus()
    setOpen(shown)
  }
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      open={open}
      onOpenChange={show}
      // It stands at the end of the document, behind everything that one would have to go through by Tab.
      afterOpenChange={(shown) => shown && form.current?.querySelector('button')?.focus()}
      title={t('past.control')}
      destroyOnHidden
      content={<Choices past={past} form={form} onDone={() => show(false)} />}
    >
      <Button
        ref={button}
        icon={<HistoryOutlined />}
        aria-haspopup="dialog"
        aria-expanded={open}
        data-testid="past-control"
      >
        {t('past.control')}
      </Button>
    </Popover>
  )
}

function Choices(props: { past: Past; form: RefObject<HTMLFormElement | null>; onDone: () => void }) {
  const { past, form, onDone } = props
  const { t } = useText()
  const [asOf, setAsOf] = useState(past.asOf)
  const [knownAt, setKnownAt] = useState(past.knownAt)
  const presets = usePresets()
  /** a calendar is open, in which Enter takes the day and not yet the whole choice */
  const [picking, setPicking] = useState(false)
  const show = (chosen: { asOf: string; knownAt: string }) => {
    past.set(chosen)
    onDone()
  }
  return (
    <form
      ref={form}
      className="past-form"
      onKeyDown={(event) => {
        if (event.key === 'Enter' && picking) event.preventDefault()
      }}
      onSubmit={(event) => {
        event.preventDefault()
        show({ asOf, knownAt })
      }}
      data-testid="past-form"
    >
      <div className="chips">
        {presets.map(({ key, label, ...chosen }) => (
          <button
            key={key}
            type="button"
            className="chip"
            onClick={() => show(chosen)}
            data-testid={`past-preset-${key}`}
          >
            {label} <small>{chosen.knownAt ? instant(chosen.knownAt) : chosen.asOf}</small>
          </button>
        ))}
      </div>
      <div className="past-field">
        <label htmlFor="past-as-of">{t('past.asOf')}</label>
        <DatePicker
          id="past-as-of"
          onOpenChange={setPicking}
          value={asOf ? dayjs(asOf) : null}
          onChange={(day) => setAsOf(day ? day.format('YYYY-MM-DD') : '')}
          placeholder={t('past.asOfNone')}
          data-testid="past-as-of"
        />
        <small className="hint">{t('past.asOfHint')}</small>
      </div>
      <div className="past-field">
        <label htmlFor="past-known-at">{t('past.knownAt')}</label>
        <DatePicker
          id="past-known-at"
          onOpenChange={setPicking}
          showTime={{ format: 'HH:mm' }}
          format="YYYY-MM-DD HH:mm"
          value={knownAt ? dayjs(instant(knownAt)) : null}
          onChange={(at) => setKnownAt(at ? endOfMinute(at.format('YYYY-MM-DDTHH:mm')) : '')}
          placeholder={t('past.knownAtNone')}
          data-testid="past-known-at"
        />
        <small className="hint">{t('past.knownAtHint')}</small>
      </div>
      <div className="past-buttons">
        {past.active && <Button onClick={() => show({ asOf: '', knownAt: '' })}>{t('past.leave')}</Button>}
        <Button type="primary" htmlType="submit" data-testid="past-show">
          {t('past.show')}
        </Button>
      </div>
    </form>
  )
}

/** Instants are shown to the minute: what was recorded within the chosen one belongs to it. The clock is Shanghai's. */
const endOfMinute = (minute: string): string => `${minute}:59.999+08:00`

/** The days and instants that are asked for most. Weekly reports are the whole city's and seen by those who see it. */
function usePresets() {
  const { t } = useText()
  const { county, operator } = useMe()
  const figures = useQuery({ ...queries.compliance({}), staleTime: 300_000 })
  const reports = useQuery({ ...queries.reports(), enabled: county === null && operator === null })
  // The service's day, which may not be the browser's.
  const now = dayjs(figures.data?.asOf ?? today())
  const weekly = reports.data?.items[0]
  return [
    {
      key: 'month',
      label: t('past.lastMonth'),
      asOf: now.startOf('month').subtract(1, 'day').format('YYYY-MM-DD'),
      knownAt: '',
    },
    {
      key: 'year',
      label: t('past.lastYear'),
      asOf: now.startOf('year').subtract(1, 'day').format('YYYY-MM-DD'),
      knownAt: '',
    },
    ...(weekly
      ? [{ key: 'report', label: t('past.lastReport'), asOf: weekly.asOf, knownAt: weekly.knownAt }]
      : []),
  ]
}
