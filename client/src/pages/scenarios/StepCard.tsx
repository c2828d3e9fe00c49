import { DeleteOutlined } from '@ant-design/icons'
import { Button, Segmented, Select } from 'antd'
import type { Rule } from '../../../../server/domain/policy.ts'
import { CATEGORIES } from '../../../../server/domain/vocabulary.ts'
import type { StepView } from '../../../../server/scenarios/schema.ts'
import { CountyChoice } from '../../components/choices.tsx'
import { count } from '../../format.ts'
import { useText } from '../../i18n/index.ts'
import { AmountField } from './AmountField.tsx'
import { asksEnergy, asksOld, type DraftStep } from './draft.ts'
import { OperatorsChoice } from './OperatorsChoice.tsx'

const MOST = 100_000

/** One step: how many of what, where, and of which kind. */
export function StepCard(props: {
  step: DraftStep
  rules: readonly Rule[]
  /** what it comes to, as last worked out */
  comesTo: StepView | undefined
  reach: number
  /** the part of the city whose figures are shown; null for all of it */
  county: string | null
  set: (changes: Partial<DraftStep>) => void
  onRemove: (title: string) => void
}) {
  const { step, rules, comesTo, set, county } = props
  const { t, label } = useText()
  const unit = t(step.kind === 'battery-swap' ? 'whatIf.packs' : 'whatIf.vehicles')
  const category = label('category', step.category)
  const title = t(`whatIf.kindTitle.${step.kind}`, { category })
  const id = `${step.kind}-${step.category}`
  const monthly = step.per === 'month' && comesTo && step.amount > 0
  return (
    <fieldset className="scenario-step" data-testid={`step-${id}`}>
      <legend>{title}</legend>
      <Button
        type="text"
        className="scenario-remove"
        icon={<DeleteOutlined />}
        aria-label={t('whatIf.remove', { step: title })}
        onClick={() => props.onRemove(title)}
      />
      <AmountField
        label={t('whatIf.amount')}
        value={step.amount}
        onChange={(amount) => set({ amount })}
        reach={props.reach}
        most={MOST}
        suffix={unit}
        hint={monthly ? t('whatIf.totalIs', { n: count(comesTo.total), unit }) : undefined}
        testId={`amount-${id}`}
      />
      {asksEnergy(step.kind) && (
        <Percent
          label={t('whatIf.newEnergy')}
          value={step.newEnergy}
          set={(newEnergy) => set({ newEnergy })}
          testId={`new-energy-${id}`}
        />
      )}
      {asksOld(rules, step.kind, step.category) && (
        <Percent
          label={t('whatIf.oldDiesel')}
          value={step.oldDiesel}
          set={(oldDiesel) => set({ oldDiesel })}
          testId={`old-${id}`}
        />
      )}
      <div className="scenario-scope">
        <Segmented
          size="small"
          value={step.per}
          onChange={(per) => set({ per })}
          options={(['period', 'month'] as const).map((per) => ({
            value: per,
            label: t(`whatIf.per.${per}`),
          }))}
        />
        <Select
          size="small"
          value={step.category}
          aria-label={t('whatIf.category')}
          popupMatchSelectWidth={false}
          onChange={(to) => set({ category: to, oldDiesel: asksOld(rules, step.kind, to) ? 100 : 0 })}
          options={CATEGORIES.map((c) => ({ value: c, label: label('category', c) }))}
        />
        {county === null && step.operators.length === 0 && (
          <CountyChoice
            size="small"
            value={step.county ?? ''}
            onChange={(chosen) => set({ county: chosen ?? null })}
          />
        )}
        <OperatorsChoice
          value={step.operators}
          onChange={(operators) => set({ operators, ...(operators.length > 0 ? { county } : {}) })}
        />
      </div>
      {comesTo?.warnings.map(({ code, inService }) => (
        <p key={code} className="scenario-warning" role="status">
          {t(`scenario.warning.${code}`, { n: count(inService) })}
        </p>
      ))}
    </fieldset>
  )
}

function Percent(props: { label: string; value: number; set: (value: number) => void; testId: string }) {
  return (
    <AmountField
      label={props.label}
      value={props.value}
      onChange={props.set}
      reach={100}
      most={100}
      suffix="%"
      testId={props.testId}
    />
  )
}
