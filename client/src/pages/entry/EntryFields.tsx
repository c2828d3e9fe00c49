import { normaliseVin } from '../../../../server/domain/vin.ts'
import {
  CATEGORIES,
  CHEMISTRIES,
  EMISSIONS,
  ENERGIES,
  hasExhaust,
  isEntry,
  REASONS,
} from '../../../../server/domain/vocabulary.ts'
import { useText } from '../../i18n/index.ts'
import { Attachments } from './Attachments.tsx'
import { ChoiceField, CountyField, OperatorField } from './fields/ChoiceField.tsx'
import { DateField } from './fields/DateField.tsx'
import { TextField } from './fields/TextField.tsx'
import { PlateField, ReplacesField, SubjectField, useSubject } from './fields/VehicleFields.tsx'
import { codesOf } from './read-draft.ts'
import { useEntry } from './useEntryForm.ts'

/** The fields of the chosen kind, and no others. */
export function EntryFields() {
  const { draft } = useEntry()
  const { kind } = draft
  return (
    <div className="entry-fields">
      {kind === 'replaced' && <ReplacesField />}
      {isEntry(kind) && <VehicleFacts />}
      {!isEntry(kind) && <SubjectField />}
      {kind === 'retired' && <Retirement />}
      {kind === 'battery-swap' && <Swap />}
      {kind === 'transferred' && (
        <>
          <OperatorField name="toOperator" optional />
          <CountyField name="toCounty" optional />
        </>
      )}
      <Common />
    </div>
  )
}

function VehicleFacts() {
  const { draft } = useEntry()
  const { t, label } = useText()
  const vessel = draft.category === 'vessel'
  return (
    <>
      <PlateField />
      <TextField
        name="vin"
        maxLength={40}
        mono
        label={vessel ? t('vesselField.vin') : undefined}
        placeholder={t(vessel ? 'entry.vesselNumberPlaceholder' : 'entry.vinPlaceholder')}
        tidy={normaliseVin}
        suffix={vessel ? <span /> : <Counted n={normaliseVin(draft.vin).length} />}
      />
      <ChoiceField
        name="category"
        options={CATEGORIES.map((value) => ({ value, label: label('category', value) }))}
      />
      <ChoiceField
        name="energy"
        options={ENERGIES.map((value) => ({ value, label: label('energy', value) }))}
      />
      {draft.energy !== '' && hasExhaust(draft.energy) && <EmissionField />}
      <OperatorField name="operator" />
      <CountyField name="county" />
      <DateField name="registeredOn" optional />
    </>
  )
}

/** How many of a VIN's seventeen characters are there. */
const Counted = ({ n }: { n: number }) =>
  n > 0 && n !== 17 ? <span className="entry-counted">{n}/17</span> : <span />

function EmissionField({ hint }: { hint?: string }) {
  const { label } = useText()
  return (
    <ChoiceField
      name="emission"
      optional
      options={EMISSIONS.map((value) => ({ value, label: label('emission', value) }))}
      {...(hint ? { hint } : {})}
    />
  )
}

function Retirement() {
  const { t, label } = useText()
  const vehicle = useSubject()
  // What nobody has said of a diesel truck so far decides whether it counts as an old one.
  const unknown = vehicle?.category === 'truck' && vehicle.energy === 'diesel' && vehicle.emission === null
  return (
    <>
      <ChoiceField
        name="reason"
        options={REASONS.map((value) => ({ value, label: label('reason', value) }))}
      />
      <TextField name="certificate" optional maxLength={100} />
      {unknown && <EmissionField hint={t('entry.emissionUnknown')} />}
    </>
  )
}

function Swap() {
  const { draft } = useEntry()
  const { t } = useText()
  const counted = (text: string) => {
    const n = codesOf(text).length
    return n === 0 ? t('entry.codesHint') : t('entry.codesCounted', { n, count: n })
  }
  return (
    <>
      <TextField name="packs" maxLength={8} numeric suffix={t('unit.packs')} />
      <ChoiceField
        name="chemistry"
        optional
        options={CHEMISTRIES.map((value) => ({ value, label: t(`entry.chemistry.${value}`) }))}
      />
      <TextField name="capacityKwh" optional maxLength={10} numeric suffix="kWh" />
      <DateField name="on" />
      <div className="entry-codes">
        <TextField name="removed" optional rows={3} mono maxLength={30_000} hint={counted(draft.removed)} />
        <span className="entry-codes-arrow" aria-hidden>
          →
        </span>
        <TextField
          name="installed"
          optional
          rows={3}
          mono
          maxLength={30_000}
          hint={counted(draft.installed)}
        />
      </div>
    </>
  )
}

/** What every change has. */
function Common() {
  const { draft } = useEntry()
  const { t } = useText()
  return (
    <>
      {draft.kind === 'stock' && <DateField name="stockOn" optional hint={t('entry.stockOnHint')} />}
      {draft.kind !== 'stock' && draft.kind !== 'battery-swap' && <DateField name="on" />}
      <TextField name="note" optional maxLength={500} wide />
      <Attachments />
    </>
  )
}
