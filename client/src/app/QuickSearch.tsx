import { SearchOutlined } from '@ant-design/icons'
import { AutoComplete, Input } from 'antd'
import { useRef, useState } from 'react'
import { useNavigate } from 'react-router-dom'
import { address } from '../api/client.ts'
import { usePast } from '../components/usePast.ts'
import { VehicleOption } from '../components/VehicleOption.tsx'
import { isNamed, useSuggestions } from '../components/vehicleSuggestions.ts'
import { useText } from '../i18n/index.ts'

/** The value of the last suggestion, which leads to all vehicles with the text; no VIN is empty. */
const ALL = ''
const SHOWN = 8
const WIDTH = 430

/**
 * Finds a vehicle from anywhere as one types: arrow keys and Enter open a suggestion, Enter alone the vehicle that is
 * typed in full, or else the list of all that have the text.
 */
export function QuickSearch() {
  const { t } = useText()
  const navigate = useNavigate()
  const { carry } = usePast()
  const [text, setText] = useState('')
  const { items, fragment } = useSuggestions(text, SHOWN)
  const chosen = useRef(false)
  const typed = text.trim()
  const go = (vin: string) => {
    setText('')
    navigate(carry(vin === ALL ? address('/vehicles', { q: typed }) : `/vehicles/${encodeURIComponent(vin)}`))
  }
  const search = () => {
    if (typed === '') return
    const named = items.filter((vehicle) => isNamed(vehicle, typed))
    go(named.length === 1 && named[0] ? named[0].vin : ALL)
  }
  const options = items.map((vehicle) => ({
    value: vehicle.vin,
    label: <VehicleOption vehicle={vehicle} fragment={fragment} />,
  }))
  if (options.length > 0)
    options.push({
      value: ALL,
      label: (
        <span className="vehicle-option-facts" data-testid="quick-all">
          {t('picker.all', { text: typed })}
        </span>
      ),
    })
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Enter in the field within
    <div
      className="quick"
      data-search
      onKeyDown={({ key, nativeEvent }) => {
        if (key !== 'Enter' || nativeEvent.isComposing) return
        // The field itself has just opened the suggestion that the arrow keys stand on.
        if (chosen.current) chosen.current = false
        else search()
      }}
    >
      <AutoComplete
        value={text}
        options={options}
        onChange={(value) => setText(value ?? '')}
        onSelect={(vin: string) => {
          chosen.current = true
          // A click sends no key after it.
          setTimeout(() => {
            chosen.current = false
          })
          go(vin)
        }}
        showSearch={{ filterOption: false }}
        defaultActiveFirstOption={false}
        listHeight={520}
        popupMatchSelectWidth={Math.min(WIDTH, window.innerWidth - 24)}
        className="quick-field"
      >
        <Input
          prefix={<SearchOutlined />}
          suffix={<kbd aria-hidden>/</kbd>}
          placeholder={t('nav.quickSearch')}
          aria-label={t('nav.quickSearch')}
          title={t('nav.hint')}
          data-testid="quick-search"
        />
      </AutoComplete>
    </div>
  )
}
