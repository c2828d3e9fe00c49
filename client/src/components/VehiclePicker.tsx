import { CloseOutlined } from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { Select } from 'antd'
import { type ClipboardEvent, useEffect, useMemo, useState } from 'react'
import { isNewEnergy } from '../../../server/domain/vocabulary.ts'
import type { VehicleSuggestion } from '../../../server/vehicles/schema.ts'
import { useText } from '../i18n/index.ts'
import { useProblemText } from './problem.ts'
import { Plate } from './VehicleLink.tsx'
import { VehicleOption } from './VehicleOption.tsx'
import { chosenKey, isNamed, useNamed, useSuggestions } from './vehicleSuggestions.ts'
import './vehicle-picker.css'

export interface VehiclePickerProps {
  /** VINs; a text that names no vehicle of the register stays as it was typed */
  value?: string[] | string | undefined
  multiple?: boolean
  /** told what is chosen: an array when `multiple`, else a text, undefined when nothing */
  onChange?: (value: string[] | string | undefined) => void
  'aria-label': string
  id?: string
  'data-testid'?: string
}

/** What parts the plates of a pasted column or line. */
const BETWEEN = /[\s,;，；、]+/

/**
 * Chooses one or several vehicles by typing a piece of a plate or VIN. Arrow keys and Enter choose, Backspace removes
 * the last, a pasted column of plates becomes several. What names no vehicle stays as typed and is marked so.
 */
export function VehiclePicker(props: VehiclePickerProps) {
  const { value, multiple = false, onChange, id } = props
  const { t } = useText()
  const problem = useProblemText()
  const client = useQueryClient()
  const [typed, setTyped] = useState('')
  const values = useMemo(() => listOf(value), [value])
  const { fragment, items, tooShort, waiting, error } = useSuggestions(typed)
  const { named, waiting: finding } = useNamed(values)

  const tell = (next: readonly string[]) => {
    const several = [...new Set(next)]
    if (multiple) onChange?.(several)
    else onChange?.(several.at(-1))
  }
  /** Takes texts as they are; those that name a vehicle that is at hand become it. */
  const add = (texts: readonly string[]) => {
    const told = texts.map((text) => items.find((vehicle) => isNamed(vehicle, text))?.vin ?? text)
    if (told.length > 0) tell([...values, ...told])
    setTyped('')
  }
  // What was typed or pasted in full becomes the vehicle that it names as soon as that is known.
  useEffect(() => {
    const resolved = values.map((text) => named.get(text)?.vin ?? text)
    if (resolved.some((vin, i) => vin !== values[i])) tell(resolved)
  })

  const onPaste = (event: ClipboardEvent) => {
    const texts = event.clipboardData.getData('text').split(BETWEEN).filter(Boolean)
    if (!multiple || texts.length < 2) return
    event.preventDefault()
    add(texts)
  }
  const options = items
    .filter(({ vin }) => !values.includes(vin))
    .map((vehicle) => ({
      value: vehicle.vin,
      label: vehicle.plate,
      vehicle: vehicle as VehicleSuggestion | null,
    }))
  const asTyped = typed.trim()
  if (!tooShort && !items.some((vehicle) => isNamed(vehicle, asTyped))) {
    const words = t(waiting ? 'picker.searching' : 'picker.asTyped', { text: asTyped })
    options.push({ value: asTyped, label: error ? `${problem(error)} ${words}` : words, vehicle: null })
  }
  return (
    <div className="vehicle-picker" onPasteCapture={onPaste}>
      <Select<string[], (typeof options)[number]>
        mode="multiple"
        className="vehicle-picker"
        {...(id === undefined ? {} : { id })}
        value={values}
        onChange={(next, chosen) => {
          for (const one of [chosen].flat())
            if (one?.vehicle) client.setQueryData(chosenKey(one.vehicle.vin), one.vehicle)
          tell(next)
          setTyped('')
        }}
        showSearch={{ filterOption: false, searchValue: typed, onSearch: setTyped }}
        onBlur={() => asTyped !== '' && add([asTyped])}
        onInputKeyDown={(event) => {
          // Escape takes back what is being typed, and only then leaves the field to whoever listens further out.
          if (event.key === 'Escape' && typed !== '') {
            event.stopPropagation()
            setTyped('')
          }
        }}
        loading={waiting}
        suffixIcon={null}
        placeholder={t('picker.placeholder')}
        aria-label={props['aria-label']}
        options={options}
        optionRender={({ data }) =>
          data.vehicle ? (
            <VehicleOption vehicle={data.vehicle} fragment={fragment} />
          ) : (
            <span className="vehicle-option-facts" data-testid="suggestion-as-typed">
              {data.label}
            </span>
          )
        }
        // Open only while one types: an empty list would lie over what stands below.
        open={typed !== ''}
        notFoundContent={tooShort ? t('picker.hint') : t('picker.none')}
        tagRender={({ value: chosen, onClose }) => (
          <Picked
            text={String(chosen)}
            vehicle={named.get(String(chosen))}
            finding={finding(String(chosen))}
            onRemove={onClose}
          />
        )}
        data-testid={props['data-testid']}
      />
    </div>
  )
}

const listOf = (value: string[] | string | undefined): string[] =>
  Array.isArray(value) ? value : value ? [value] : []

/** A chosen vehicle, or a text that names none. */
function Picked(props: {
  text: string
  vehicle: VehicleSuggestion | undefined
  finding: boolean
  onRemove: () => void
}) {
  const { text, vehicle, finding, onRemove } = props
  const { t } = useText()
  const name = vehicle?.plate ?? text
  return (
    <span
      className={vehicle || finding ? 'picked' : 'picked picked-free'}
      title={vehicle ? `${vehicle.plate} ${vehicle.vin} ${vehicle.operatorName}` : text}
      data-testid={`picked-${vehicle?.vin ?? text}`}
    >
      {vehicle ? (
        <>
          <Plate plate={vehicle.plate} newEnergy={isNewEnergy(vehicle.energy)} />
          <small className="mono">…{vehicle.vin.slice(-6)}</small>
        </>
      ) : (
        <>
          <span className="picked-text">{text}</span>
          {!finding && <small>{t('picker.unknown')}</small>}
        </>
      )}
      <button
        type="button"
        tabIndex={-1}
        aria-label={t('picker.remove', { name })}
        onMouseDown={(event) => event.preventDefault()}
        onClick={onRemove}
      >
        <CloseOutlined />
      </button>
    </span>
  )
}
