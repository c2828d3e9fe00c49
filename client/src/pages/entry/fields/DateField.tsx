import { CalendarOutlined } from '@ant-design/icons'
import { Button, Calendar, Input, Popover } from 'antd'
import dayjs from 'dayjs'
import { type KeyboardEvent, type ReactNode, useState } from 'react'
import { addDays } from '../../../../../server/domain/civil-date.ts'
import { useText } from '../../../i18n/index.ts'
import { readDay } from '../read-draft.ts'
import { focusField, useEntry } from '../useEntryForm.ts'
import { Field } from './Field.tsx'

/** A day, typed in any usual form (the arrow keys go a day on or back) or picked from a calendar. */
export function DateField(props: {
  name: 'on' | 'stockOn' | 'registeredOn'
  optional?: boolean
  hint?: ReactNode
}) {
  const { name } = props
  const { t } = useText()
  const { draft, set, today } = useEntry()
  const [open, setOpen] = useState(false)
  const typed = draft[name]
  const date = typed.trim() === '' ? undefined : readDay(typed, today).date
  const step = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
    event.preventDefault()
    set({
      [name]: addDays(
        date ?? addDays(today, event.key === 'ArrowUp' ? -1 : 1),
        event.key === 'ArrowUp' ? 1 : -1,
      ),
    })
  }
  return (
    <Field {...props}>
      {(control, look) => (
        <Input
          {...control}
          {...look}
          autoComplete="off"
          inputMode="numeric"
          value={typed}
          maxLength={40}
          placeholder="2026-11-02"
          onChange={(event) => set({ [name]: event.target.value })}
          onBlur={() => date !== undefined && date !== typed && set({ [name]: date })}
          onKeyDown={step}
          suffix={
            <Popover
              trigger="click"
              open={open}
              onOpenChange={setOpen}
              placement="bottomRight"
              content={
                <div className="entry-calendar">
                  <Calendar
                    fullscreen={false}
                    value={dayjs(date ?? today)}
                    validRange={[dayjs('1980-01-01'), dayjs(today)]}
                    onSelect={(day, { source }) => {
                      set({ [name]: day.format('YYYY-MM-DD') })
                      // Choosing a month or year only turns the leaf.
                      if (source !== 'date') return
                      setOpen(false)
                      focusField(name)
                    }}
                  />
                </div>
              }
            >
              <Button
                type="text"
                size="small"
                tabIndex={-1}
                icon={<CalendarOutlined />}
                aria-label={t('entry.pickDay')}
              />
            </Popover>
          }
        />
      )}
    </Field>
  )
}
