import type { DisputeStatus } from '../../../../server/disputes/schema.ts'
import { Tag, type Tone } from '../../components/Tag.tsx'
import { useText } from '../../i18n/index.ts'

const TONES: Record<DisputeStatus, Tone> = { open: 'warn', upheld: 'good', denied: 'plain' }

/** Where a dispute stands. */
export function DisputeTag({ status }: { status: DisputeStatus }) {
  const { t } = useText()
  return (
    <Tag tone={TONES[status]} testId="dispute-status">
      {t(`disputes.${status}`)}
    </Tag>
  )
}
