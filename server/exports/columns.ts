import { DateTime } from 'luxon'
import type { ChangeView } from '../changes/schema.ts'
import type { BreakdownPart, EvidenceItem } from '../compliance/schema.ts'
import { regionByCode } from '../domain/regions.ts'
import { CATEGORIES } from '../domain/vocabulary.ts'
import type { DuePart, DueVehicle } from '../due/schema.ts'
import type { Vehicle } from '../vehicles/schema.ts'
import type { exportsZh } from '../wording/exports.zh-CN.ts'
import type { Wording, WordingKey } from '../wording/index.ts'
import type { Column, Moment, Value } from './table.ts'

/** What the columns of exported lists are worded by. */
export interface Words {
  wording: Wording
  /** zone in which instants are written */
  timeZone: string
  /** operators' names by id */
  names: ReadonlyMap<string, string>
}

/** The columns of exported lists, in a language. */
export class Columns {
  private readonly words: Words

  constructor(words: Words) {
    this.words = words
  }

  vehicles(): Column<Vehicle>[] {
    const { label } = this.words.wording
    const of = (head: Head, width: number, value: (v: Vehicle) => Value) => this.column(head, width, value)
    return [
      ...this.facts<Vehicle>((v) => v),
      of('newEnergy', 10, (v) => label('newEnergy', v.newEnergy ? 'yes' : 'no')),
      of('status', 10, (v) => label('vehicleStatus', v.status)),
      of('enteredOn', 14, (v) => day(v.enteredOn)),
      of('exitedOn', 12, (v) => day(v.exitedOn)),
      of('exitReason', 10, (v) => v.exitReason && label('reason', v.exitReason)),
      of('replaces', 22, (v) => v.replaces.join('、')),
      of('replacedBy', 22, (v) => v.replacedBy),
    ]
  }

  changes(): Column<ChangeView>[] {
    const { label } = this.words.wording
    const field = (name: 'kind' | 'on' | 'reason' | 'certificate' | 'packs' | 'note') =>
      this.words.wording.t(`field.${name}`)
    const of = (head: Head, width: number, value: (c: ChangeView) => Value) => this.column(head, width, value)
    const named = (head: string, width: number, value: (c: ChangeView) => Value) => ({ head, width, value })
    return [
      named(field('on'), 12, (c) => day(c.on)),
      named(field('kind'), 14, (c) => label('kind', c.kind)),
      ...this.facts<ChangeView>((c) => ({ ...c.vehicle, operatorName: c.operatorName })),
      of('fromOperator', 24, (c) => c.from && this.name(c.from.operator)),
      of('fromCounty', 14, (c) => c.from && this.county(c.from.county)),
      of('retires', 24, (c) => c.retires.map((old) => `${old.plate}（${old.vin}）`).join('、')),
      named(field('reason'), 10, (c) => c.reason && label('reason', c.reason)),
      named(field('certificate'), 18, (c) => c.certificate),
      named(field('packs'), 10, (c) => c.packs),
      of('installed', 28, (c) => c.batteries?.installed.join('、') ?? null),
      of('removed', 28, (c) => c.batteries?.removed.join('、') ?? null),
      of('chemistry', 10, (c) => c.batteries?.chemistry ?? null),
      of('capacityKwh', 12, (c) => c.batteries?.capacityKwh ?? null),
      named(field('note'), 24, (c) => c.note),
      of('breachReason', 24, (c) => c.breachReason),
      of('source', 24, (c) => c.source?.filename ?? null),
      of('sourceRow', 10, (c) => c.source?.row ?? null),
      of('reportedAt', 17, (c) => this.moment(c.reportedAt)),
      of('recordedAt', 17, (c) => this.moment(c.recordedAt)),
      of('recordedBy', 14, (c) => c.recordedBy.name),
      of('voidedAt', 17, (c) => this.moment(c.voidedAt)),
      of('voidedBy', 14, (c) => c.voidedBy?.name ?? null),
      of('voidReason', 24, (c) => c.voidReason),
      of('corrects', 26, (c) => c.corrects),
      of('id', 26, (c) => c.id),
    ]
  }

  evidence(): Column<EvidenceItem>[] {
    return [
      ...this.changes(),
      this.column('numerator', 10, (c: EvidenceItem) => c.numerator),
      this.column('denominator', 10, (c: EvidenceItem) => c.denominator),
      this.column('undetermined', 10, (c: EvidenceItem) => c.undetermined),
    ]
  }

  /** A figure's parts. @param head what the parts are */
  parts(head: string, kind: 'share' | 'count' | 'rising-share'): Column<BreakdownPart>[] {
    const { language, t } = this.words.wording
    const of = (head: Head, value: (part: BreakdownPart) => Value) => this.column(head, 12, value)
    const amounts =
      kind === 'count'
        ? [of('counted', (part) => part.numerator)]
        : [
            of('sharePercent', (part) => part.value),
            of('newEnergyCount', (part) => part.numerator),
            of('allCount', (part) => part.denominator),
          ]
    return [
      of('rank', (part) => part.rank),
      { head, width: 28, value: (part) => (language === 'en' ? part.label.en : part.label.zh) },
      ...amounts,
      of('undetermined', (part) => part.undetermined),
      this.column('smallNote', 26, (part) => (part.small ? t('exported.column.small') : null)),
    ]
  }

  due(): Column<DueVehicle>[] {
    const of = (head: Head, width: number, value: (v: DueVehicle) => Value) => this.column(head, width, value)
    return [
      ...this.facts<DueVehicle>((v) => v),
      of('enteredOn', 14, (v) => day(v.enteredOn)),
      of('age', 8, (v) => v.age),
      of('serviceYears', 10, (v) => v.years),
      of('dueOn', 14, (v) => day(v.dueOn)),
      of('daysLeft', 12, (v) => v.daysLeft),
    ]
  }

  dueParts(head: string): Column<DuePart>[] {
    const { language, label } = this.words.wording
    const of = (head: Head, value: (part: DuePart) => Value) => this.column(head, 10, value)
    return [
      { head, width: 28, value: (part) => (language === 'en' ? part.label.en : part.label.zh) },
      of('dueTotal', (part) => part.total),
      of('dueOverdue', (part) => part.overdue),
      of('dueUndetermined', (part) => part.undetermined),
      ...CATEGORIES.map((category) => ({
        ...{ head: label('category', category), width: 12 },
        value: (part: DuePart) => part.categories.find((c) => c.category === category)?.total ?? 0,
      })),
    ]
  }

  /** What a vehicle is. */
  private facts<T>(
    of: (
      row: T,
    ) => Pick<
      Vehicle,
      'plate' | 'vin' | 'category' | 'energy' | 'emission' | 'registeredOn' | 'operatorName' | 'county'
    >,
  ): Column<T>[] {
    const { label, t } = this.words.wording
    const facts: [WordingKey, number, (facts: ReturnType<typeof of>) => Value][] = [
      ['field.plate', 12, (f) => f.plate],
      ['field.vin', 21, (f) => f.vin],
      ['field.category', 12, (f) => label('category', f.category)],
      ['field.energy', 16, (f) => label('energy', f.energy)],
      ['field.emission', 10, (f) => f.emission && label('emission', f.emission)],
      ['field.registeredOn', 12, (f) => day(f.registeredOn)],
      ['field.operator', 26, (f) => f.operatorName],
      ['field.county', 14, (f) => this.county(f.county)],
    ]
    return facts.map(([head, width, value]) => ({ head: t(head), width, value: (row) => value(of(row)) }))
  }

  private column<T>(head: Head, width: number, value: (row: T) => Value): Column<T> {
    return { head: this.words.wording.t(`exported.column.${head}`), width, value }
  }

  private name(id: string): string {
    return this.words.names.get(id) ?? id
  }

  private county(code: string): string {
    return countyName(code, this.words.wording)
  }

  private moment(instant: string | null): Moment | null {
    return instant === null ? null : momentOf(new Date(instant), this.words.timeZone)
  }
}

type Head = keyof typeof exportsZh.column

const day = (date: string | null) => (date === null ? null : { date })

/** A county's name in a language; the code itself when nobody knows it. */
export function countyName(code: string, { language }: Pick<Wording, 'language'>): string {
  const region = regionByCode(code)
  if (!region) return code
  return language === 'en' ? region.english : region.name
}

/** An instant as a file shows it. */
export function momentOf(instant: Date, timeZone: string): Moment {
  const at = DateTime.fromJSDate(instant, { zone: timeZone })
  const seconds = at.hour * 3600 + at.minute * 60 + at.second
  return { date: at.toFormat('yyyy-MM-dd'), time: seconds / 86_400, clock: at.toFormat('HH:mm:ss') }
}
