import type { Field } from '../../domain/issue.ts'
import type { Wording } from '../../wording/index.ts'
import { NOT_A_LIST } from '../reading/markers.ts'
import type { FormColumn, FormKind } from './form-columns.ts'
import { explanation, framed, header } from './looks.ts'
import type { OutCell, OutRow } from './xlsx/cells.ts'
import type { SheetSpec } from './xlsx/sheet.ts'

/** The sheet that explains each column of a form: what it wants, what can stand in it, an example. */
export function guideSheet(
  columns: readonly FormColumn[],
  kind: FormKind,
  formSheet: string,
  examples: readonly Partial<Record<Field, string>>[],
  wording: Wording,
): SheetSpec {
  const stop = wording.language === 'en' ? '. ' : '。'
  const how = wording.t(kind.fleet ? 'workbook.guideFleet' : 'workbook.guideForm', { sheet: formSheet })
  const heads = ['guideColumn', 'guideNeed', 'guideHow', 'guideValues', 'guideExample'] as const
  const rows: OutRow[] = [
    { row: 1, height: 66, cells: [{ value: NOT_A_LIST[wording.language] + stop + how, style: explanation }] },
    { row: 2, cells: heads.map((key): OutCell => ({ value: wording.t(`workbook.${key}`), style: header })) },
    ...columns.map((column, i): OutRow => {
      const { field, need, header: name } = column
      const filled = examples.map((e) => e[field] ?? '').find((text) => text !== '') ?? ''
      const texts = [
        name.replace(wording.t('workbook.required'), ''),
        wording.t(`workbook.${need}`),
        wording.t(`workbook.guide.${field}`),
        valuesText(column, wording),
        filled,
      ]
      return { row: i + 3, cells: texts.map((value): OutCell => ({ value, style: framed })) }
    }),
  ]
  return {
    name: wording.t('workbook.guideSheet'),
    rows: [rows],
    widths: [24, 14, 56, 48, 24],
    frozen: 2,
    merges: [{ top: 0, bottom: 0, left: 0, right: heads.length - 1 }],
  }
}

function valuesText({ values }: FormColumn, { language }: Wording): string {
  if (values === null) return ''
  return language === 'en'
    ? values.map((v) => (v.value === v.meaning ? v.value : `${v.value} = ${v.meaning}`)).join('; ')
    : values.map((v) => v.value).join('、')
}
