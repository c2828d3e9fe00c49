import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Input, InputNumber, Select } from 'antd'
import type { Policy, ServiceLife } from '../../../../server/domain/policy.ts'
import { CATEGORIES, ENERGIES } from '../../../../server/domain/vocabulary.ts'
import { testId } from '../../components/testId.ts'
import { useText } from '../../i18n/index.ts'

/** Service lives by category, and by energy where they differ; and how soon changes are to be recorded. */
export function LivesFields({ policy, set }: { policy: Policy; set: (changes: Partial<Policy>) => void }) {
  const { t, label } = useText()
  const { serviceLives: lives } = policy
  const put = (i: number, life: ServiceLife) =>
    set({ serviceLives: lives.map((l, n) => (n === i ? life : l)) })
  const fresh = CATEGORIES.find((c) => !lives.some((l) => l.category === c)) ?? 'bus'
  return (
    <section className="card policy-section">
      <h2>{t('policy.lives')}</h2>
      <p className="policy-hint">{t('policy.livesHint')}</p>
      {lives.map((life, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a life has no other identity while it is being edited
        <div key={i} className="policy-life">
          <Select
            value={life.category}
            options={CATEGORIES.map((value) => ({ value, label: label('category', value) }))}
            onChange={(category) => put(i, { ...life, category })}
            aria-label={t('policy.lifeCategory')}
          />
          <Select
            mode="multiple"
            value={life.energies ?? []}
            placeholder={t('policy.lifeAll')}
            options={ENERGIES.map((value) => ({ value, label: label('energy', value) }))}
            onChange={(energies) => {
              const { energies: _, ...rest } = life
              put(i, energies.length === 0 ? rest : { ...rest, energies })
            }}
            aria-label={t('policy.lifeEnergies')}
          />
          <InputNumber
            value={life.years}
            min={1}
            max={60}
            precision={0}
            suffix={t('policy.yearsUnit')}
            onChange={(years) => put(i, { ...life, years: years ?? life.years })}
            aria-label={t('policy.lifeYears')}
            {...testId(`policy-life-${[life.category, ...(life.energies ?? [])].join('-')}`)}
          />
          <Input
            value={life.source}
            maxLength={200}
            placeholder={t('policy.lifeSource')}
            onChange={(event) => put(i, { ...life, source: event.target.value })}
            aria-label={t('policy.lifeSource')}
          />
          <Button
            type="text"
            icon={<DeleteOutlined />}
            aria-label={t('policy.removeLife', { category: label('category', life.category) })}
            onClick={() => set({ serviceLives: lives.filter((_, n) => n !== i) })}
          />
        </div>
      ))}
      <Button
        size="small"
        icon={<PlusOutlined />}
        onClick={() => set({ serviceLives: [...lives, { category: fresh, years: 15, source: '' }] })}
        data-testid="policy-add-life"
      >
        {t('policy.addLife')}
      </Button>
      <h2>{t('policy.reporting')}</h2>
      <label className="policy-days" htmlFor="policy-days">
        <span>{t('policy.reportingDays')}</span>
        <InputNumber
          id="policy-days"
          value={policy.reportingDays}
          min={1}
          max={366}
          precision={0}
          suffix={t('policy.days')}
          onChange={(days) => set({ reportingDays: days ?? policy.reportingDays })}
          {...testId('policy-reporting-days')}
        />
      </label>
    </section>
  )
}
