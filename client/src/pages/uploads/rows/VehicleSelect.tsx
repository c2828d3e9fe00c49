import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useDeferredValue, useState } from 'react'
import type { Vehicle } from '../../../../../server/vehicles/schema.ts'
import { api } from '../../../api/client.ts'
import type { Page } from '../../../api/queries.ts'
import { useText } from '../../../i18n/index.ts'

/** Chooses vehicles in service by typing a part of a plate or VIN. Gives their plates. */
export function VehicleSelect(props: {
  value?: string[]
  onChange?: (plates: string[]) => void
  except: string
}) {
  const { t, label } = useText()
  const [typed, setTyped] = useState('')
  const q = useDeferredValue(typed.trim())
  const found = useQuery({
    queryKey: ['ledger', 'vehicle-select', q],
    queryFn: ({ signal }) => api.get<Page<Vehicle>>('/vehicles', { q, status: 'active', limit: 20 }, signal),
    placeholderData: keepPreviousData,
  })
  return (
    <Select
      mode="multiple"
      autoFocus
      {...(props.value ? { value: props.value } : {})}
      onChange={(plates: string[]) => props.onChange?.(plates)}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      loading={found.isFetching}
      placeholder={t('fleetRow.replacePlaceholder')}
      aria-label={t('fleetRow.replaceLabel')}
      options={found.data?.items
        .filter((v) => v.plate !== props.except)
        .map((v) => ({
          value: v.plate,
          label: `${v.plate} · ${label('category', v.category)} · ${label('energy', v.energy)}`,
        }))}
      data-testid="old-vehicles"
    />
  )
}
