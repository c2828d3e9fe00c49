import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { queries } from '../../api/queries.ts'
import { useText } from '../../i18n/index.ts'

/** Chooses companies by typing parts of their names; none means all. */
export function OperatorsChoice({
  value,
  onChange,
}: {
  value: readonly string[]
  onChange: (operators: string[]) => void
}) {
  const { t } = useText()
  const { data, isPending } = useQuery(queries.operators())
  return (
    <Select
      mode="multiple"
      allowClear
      size="small"
      className="scenario-operators"
      showSearch={{ optionFilterProp: 'label' }}
      maxTagCount="responsive"
      maxCount={50}
      loading={isPending}
      value={[...value]}
      onChange={onChange}
      placeholder={t('whatIf.allCompanies')}
      aria-label={t('common.operator')}
      popupMatchSelectWidth={false}
      options={data?.items.map((o) => ({ value: o.id, label: o.name })) ?? []}
    />
  )
}
