import { useQueries, useQuery } from '@tanstack/react-query'
import { Checkbox, Select } from 'antd'
import { useEffect, useMemo } from 'react'
import { isPlate, normalisePlate } from '../../../../../server/domain/plate.ts'
import { isVin, normaliseVin } from '../../../../../server/domain/vin.ts'
import type { VehicleWithHistory } from '../../../../../server/vehicles/schema.ts'
import { queries } from '../../../api/queries.ts'
import { VehiclePicker } from '../../../components/VehiclePicker.tsx'
import { useText } from '../../../i18n/index.ts'
import { useEntry } from '../useEntryForm.ts'
import { VehicleCard } from '../VehicleCard.tsx'
import { Field } from './Field.tsx'
import { TextField } from './TextField.tsx'

const isKnown = (text: string): boolean => isVin(normaliseVin(text))

/** The vehicle that is retired, gets batteries or is transferred, with what the register knows of it. */
export function SubjectField() {
  const { draft, set, target } = useEntry()
  const { t } = useText()
  const vehicle = useSubject()
  return (
    <>
      <Field name="subject" wide>
        {({ 'aria-describedby': _, 'aria-invalid': __, ...control }) => (
          <VehiclePicker
            {...control}
            value={draft.subject}
            onChange={(value) => set({ subject: [value ?? ''].flat().join('') })}
            aria-label={t('entry.field.subject')}
          />
        )}
      </Field>
      {vehicle && <VehicleCard vehicle={vehicle} quiet={target.correcting} />}
    </>
  )
}

/** What the register knows of the vehicle that the form is about. */
export function useSubject(): VehicleWithHistory | undefined {
  const { draft } = useEntry()
  const vin = normaliseVin(draft.subject)
  return useQuery({ ...queries.vehicle(vin), enabled: isKnown(vin) }).data
}

function useOldVehicles(): VehicleWithHistory[] {
  const { draft } = useEntry()
  const known = draft.replaces.map(normaliseVin).filter(isKnown)
  const answers = useQueries({ queries: known.map((vin) => queries.vehicle(vin)) })
  return answers.flatMap(({ data }) => (data ? [data] : []))
}

/** The old vehicles; the new one's category, operator and county are taken from the first unless said otherwise. */
export function ReplacesField() {
  const { draft, set, propose, target } = useEntry()
  const { t } = useText()
  const old = useOldVehicles()
  const first = old[0]
  useEffect(() => {
    if (first && !target.correcting)
      propose({ category: first.category, operator: first.operatorName, county: first.county })
  }, [first, propose, target])
  return (
    <>
      <Field name="replaces" wide hint={t('entry.replacesHint')}>
        {({ 'aria-describedby': _, 'aria-invalid': __, ...control }) => (
          <VehiclePicker
            {...control}
            multiple
            value={draft.replaces}
            onChange={(value) => set({ replaces: [value ?? []].flat() })}
            aria-label={t('entry.field.replaces')}
          />
        )}
      </Field>
      {old.map((vehicle) => (
        <VehicleCard key={vehicle.vin} vehicle={vehicle} quiet={target.correcting} />
      ))}
    </>
  )
}

/** The new vehicle's plate: its own, or the old vehicle's. */
export function PlateField() {
  const { draft, set } = useEntry()
  const { t } = useText()
  const plates = useOldPlates()
  const { keepPlate, plate, kind } = draft
  const vessel = draft.category === 'vessel'
  const local = useQuery(queries.regions()).data?.city.plates
  const keeps = kind === 'replaced' && keepPlate
  useEffect(() => {
    const [first] = plates
    if (keeps && first && !plates.includes(normalisePlate(plate))) set({ plate: first })
  }, [keeps, plates, plate, set])
  const keep = (checked: boolean) =>
    set({ keepPlate: checked, plate: checked ? (plates[0] ?? plate) : plates.includes(plate) ? '' : plate })
  return (
    <div className="entry-plate">
      {kind === 'replaced' && (
        <Checkbox
          checked={keepPlate}
          onChange={(event) => keep(event.target.checked)}
          data-testid="entry-keepPlate"
        >
          {t('entry.keepPlate')}
        </Checkbox>
      )}
      {keeps && plates.length > 1 ? (
        <Field name="plate">
          {(control, look) => (
            <Select
              {...control}
              {...look}
              value={plate}
              onChange={(value: string) => set({ plate: value })}
              options={plates.map((value) => ({ value, label: value }))}
            />
          )}
        </Field>
      ) : (
        <TextField
          name="plate"
          maxLength={20}
          label={vessel ? t('vesselField.plate') : undefined}
          placeholder={
            vessel
              ? t('entry.vesselNamePlaceholder')
              : local
                ? t('entry.platePlaceholder', { plates: local })
                : ''
          }
          tidy={normalisePlate}
        />
      )}
    </div>
  )
}

/** The plates of the old vehicles, as the register has them or as typed. */
function useOldPlates(): string[] {
  const { draft } = useEntry()
  const old = useOldVehicles()
  const text = [...old.map((v) => v.plate), ...draft.replaces.map(normalisePlate).filter(isPlate)].join(' ')
  return useMemo(() => text.split(' ').filter(Boolean), [text])
}
