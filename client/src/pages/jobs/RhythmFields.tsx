import { Form, Input, InputNumber, Segmented, Select, TimePicker } from 'antd'
import dayjs from 'dayjs'
import { type TextKey, useText } from '../../i18n/index.ts'
import { cronOf, RHYTHMS, type Rhythm, type RhythmKind } from './rhythm.ts'

/** Monday first, as weeks are counted here. */
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 0]

/** The choice of a schedule: at a time each day, week, month or quarter, or a cron for those who know it. */
export function RhythmFields(props: { value: Rhythm; onChange: (part: Partial<Rhythm>) => void }) {
  const { t } = useText()
  const { value, onChange: set } = props
  const { kind } = value
  return (
    <>
      <Form.Item label={t('timetable.rhythm')}>
        <Segmented<RhythmKind>
          block
          value={kind}
          // A cron of one's own begins with what was chosen so far.
          onChange={(to) => set({ kind: to, ...(to === 'free' ? { cron: cronOf(value) } : {}) })}
          options={RHYTHMS.map((name) => ({ value: name, label: t(`timetable.kinds.${name}`) }))}
          data-testid="schedule-kind"
        />
      </Form.Item>
      {kind === 'free' ? (
        <Form.Item label={t('timetable.cron')} extra={t('timetable.cronHint')}>
          <Input
            value={value.cron}
            maxLength={100}
            spellCheck={false}
            autoComplete="off"
            className="cron-input"
            onChange={(event) => set({ cron: event.target.value })}
            data-testid="schedule-cron"
          />
        </Form.Item>
      ) : (
        <div className="rhythm-fields">
          {kind === 'weekly' && (
            <Form.Item label={t('timetable.weekday')}>
              <Select
                value={value.weekday}
                onChange={(weekday) => set({ weekday })}
                options={WEEKDAYS.map((day) => ({ value: day, label: t(`weekday.${day}` as TextKey) }))}
                data-testid="schedule-weekday"
              />
            </Form.Item>
          )}
          {(kind === 'monthly' || kind === 'quarterly') && (
            <Form.Item label={t(kind === 'monthly' ? 'timetable.day' : 'timetable.dayOfQuarter')}>
              <InputNumber
                value={value.day}
                min={1}
                max={31}
                precision={0}
                onChange={(day) => day !== null && set({ day })}
                data-testid="schedule-day"
              />
            </Form.Item>
          )}
          <Form.Item label={t('timetable.time')}>
            <TimePicker
              value={dayjs(`2000-01-01T${value.time}`)}
              format="HH:mm"
              minuteStep={5}
              allowClear={false}
              needConfirm={false}
              showNow={false}
              onChange={(time) => time && set({ time: time.format('HH:mm') })}
              data-testid="schedule-time"
            />
          </Form.Item>
        </div>
      )}
    </>
  )
}
