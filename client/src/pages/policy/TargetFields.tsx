import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Input, InputNumber } from 'antd'
import type { CountRule, Policy, Rule } from '../../../../server/domain/policy.ts'
import { useText } from '../../i18n/index.ts'

/** The period, and each rule's target and milestones. */
export function TargetFields({ policy, set }: { policy: Policy; set: (changes: Partial<Policy>) => void }) {
  const { t } = useText()
  const { period, rules } = policy
  const setRule = (rule: Rule) => set({ rules: rules.map((r) => (r.id === rule.id ? rule : r)) })
  return (
    <section className="card policy-section">
      <h2>{t('policy.period')}</h2>
      <div className="policy-fields">
        {(['from', 'to'] as const).map((end) => (
          <label key={end} htmlFor={`policy-${end}`}>
            <span>{t(end === 'from' ? 'policy.periodFrom' : 'policy.periodTo')}</span>
            <Input
              id={`policy-${end}`}
              type="date"
              value={period[end]}
              onChange={(event) => set({ period: { ...period, [end]: event.target.value } })}
              data-testid={`policy-period-${end}`}
            />
          </label>
        ))}
      </div>
      <h2>{t('policy.target')}</h2>
      <ul className="policy-rules">
        {rules.map((rule) => (
          <TargetField key={rule.id} rule={rule} set={setRule} />
        ))}
      </ul>
    </section>
  )
}

function TargetField({ rule, set }: { rule: Rule; set: (rule: Rule) => void }) {
  const { t, pick } = useText()
  if (rule.kind === 'rising-share')
    return (
      <li className="policy-rule-head">
        <h3>{pick(rule.title)}</h3>
        <span className="policy-hint">{t('policy.rising')}</span>
      </li>
    )
  const percent = rule.kind === 'share'
  return (
    <li>
      <div className="policy-rule-head">
        <h3>{pick(rule.title)}</h3>
        <InputNumber
          value={rule.target ?? null}
          min={percent ? 0.01 : 1}
          {...(percent ? { max: 100, precision: 2, step: 1 } : { precision: 0 })}
          formatter={(value) => String(value ?? '').replace(/\.0+$/, '')}
          suffix={percent ? '%' : t(`policy.${rule.unit}`)}
          aria-label={`${pick(rule.title)} ${t('policy.target')}`}
          placeholder={t('policy.noTarget')}
          onChange={(value) => {
            if (rule.kind === 'share') set({ ...rule, target: value ?? rule.target })
            else set(value === null ? without(rule) : { ...rule, target: value })
          }}
          data-testid={`policy-target-${rule.id}`}
        />
      </div>
      {rule.kind === 'count' && rule.target !== undefined && <Milestones rule={rule} set={set} />}
    </li>
  )
}

/** A count that is only reported has no target and no line to follow. */
const without = ({ target: _, ...rule }: CountRule): CountRule => ({ ...rule, milestones: [] })

function Milestones({ rule, set }: { rule: CountRule; set: (rule: Rule) => void }) {
  const { t } = useText()
  const { milestones } = rule
  const put = (i: number, changes: Partial<CountRule['milestones'][number]>) =>
    set({ ...rule, milestones: milestones.map((m, n) => (n === i ? { ...m, ...changes } : m)) })
  return (
    <div className="policy-milestones">
      <span className="policy-hint">
        {t('policy.milestones')}
        {milestones.length === 0 && ` · ${t('policy.milestonesHint')}`}
      </span>
      {milestones.map((m, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a milestone has no other identity while it is being typed
        <span key={i} className="policy-milestone">
          <Input
            type="date"
            value={m.on}
            aria-label={t('policy.milestoneOn', { n: i + 1 })}
            onChange={(event) => put(i, { on: event.target.value })}
          />
          <InputNumber
            value={m.value}
            min={0}
            precision={0}
            aria-label={t('policy.milestoneValue', { n: i + 1 })}
            onChange={(value) => put(i, { value: value ?? 0 })}
          />
          <Button
            type="text"
            icon={<DeleteOutlined />}
            aria-label={t('policy.removeMilestone', { n: i + 1 })}
            onClick={() => set({ ...rule, milestones: milestones.filter((_, n) => n !== i) })}
          />
        </span>
      ))}
      <Button
        size="small"
        icon={<PlusOutlined />}
        onClick={() => set({ ...rule, milestones: [...milestones, { on: '', value: 0 }] })}
        data-testid={`policy-add-milestone-${rule.id}`}
      >
        {t('policy.addMilestone')}
      </Button>
    </div>
  )
}
