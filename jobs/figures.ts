/** Figures as jobs freeze and show them. */
import { type Compliance, compliance, type RuleFigure } from '../server/compliance/schema.ts'
import type { CivilDate } from '../server/domain/civil-date.ts'
import type { AssessmentView } from './schema.ts'

/** Where figures come from. */
export interface Figures {
  /** The figures as of a day (today's when none is given), with the exact `knownAt` that gives them back for ever. */
  freeze(args: { asOf?: CivilDate; now: Date }): Promise<Compliance>
}

/** Freezes figures, checked. */
export const frozenFigures = async (
  figures: Figures,
  args: { asOf?: CivilDate; now: Date },
): Promise<Compliance> => compliance.parse(await figures.freeze(args))

/** A figure in short. */
export const frozenRule = (rule: RuleFigure): AssessmentView['rules'][number] => ({
  id: rule.id,
  title: rule.title,
  unit: rule.unit,
  value: rule.value,
  numerator: rule.numerator,
  denominator: rule.denominator,
  target: rule.target,
  status: rule.status,
  counties: rule.breakdown.county.map(({ key, label, value, numerator, denominator }) => ({
    ...{ key, label, value, numerator, denominator },
  })),
})
