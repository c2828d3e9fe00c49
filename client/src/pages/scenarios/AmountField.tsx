import { InputNumber, Slider } from 'antd'
import { useEffect, useId, useState } from 'react'

/** A number that is moved by a slider or typed, both at once. */
export function AmountField(props: {
  label: string
  value: number
  onChange: (value: number) => void
  /** how far the slider goes; it goes further once its end is reached */
  reach: number
  /** the most that can be typed */
  most: number
  suffix: string
  /** what stands below */
  hint?: string | undefined
  testId: string
}) {
  const { label, value, onChange, most, suffix, hint } = props
  const [reach, setReach] = useState(props.reach)
  const id = useId()
  // What is needed is known only once the figures are there; a slider that is being moved keeps its length.
  useEffect(() => setReach((now) => Math.max(now, props.reach)), [props.reach])
  const shown = Math.min(most, Math.max(reach, value))
  return (
    <div className="scenario-amount">
      <label htmlFor={id}>{label}</label>
      <Slider
        value={value}
        min={0}
        max={shown}
        onChange={onChange}
        onChangeComplete={(to) => {
          if (to >= reach) setReach(Math.min(most, reach * 2))
        }}
        tooltip={{ formatter: null }}
        ariaLabelForHandle={label}
      />
      <InputNumber
        id={id}
        value={value}
        min={0}
        max={most}
        precision={0}
        suffix={suffix}
        onChange={(to) => onChange(to ?? 0)}
        data-testid={props.testId}
      />
      {hint && <small className="hint">{hint}</small>}
    </div>
  )
}
