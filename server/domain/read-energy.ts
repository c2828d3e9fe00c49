import { memo, plain } from './read-text.ts'
import { ENERGIES, type Energy } from './vocabulary.ts'

/** An energy, or that the words could mean more than one of which some are new-energy and some are not. */
export type EnergyReading = Energy | 'ambiguous'

const WORDS: Readonly<Record<EnergyReading, string>> = {
  BEV: `bev ev 电动 纯电 纯电动 电 电力 电能 纯电力 纯电驱动 纯电动力 换电 换电式 换电式纯电动 纯电换电 纯电动换电 充电式纯电动 纯电动bev 纯电bev 电动ev 蓄电池`,
  PHEV: `phev reev erev 插电式混合动力 插电式混合动力含增程式 插电式混合动力含增程 插电式混合动力增程式 插电混合动力 插电式混动 插电混动 插电式 插电 插混
    插电式油电混合动力 插电式油电混合 插电式汽油混合动力 混合动力插电式 混合动力插电 混动插电 混动插电式 油电混合插电式 油电混合插电 增程 增程式 增程式电动 增程式混合动力 增程式混动
    增程混动 增程混合动力 含增程式 含增程 可外接充电 可外接充电式混合动力 可外接充电混合动力 插电式混合动力phev 插混phev 增程式reev 可插电`,
  FCEV: `fcev fcv 燃料电池 氢燃料电池 氢能 氢能源 氢 氢气 氢燃料 氢动力 氢电 燃料电池电动 氢燃料电池电动 氢能燃料电池 燃料电池氢 燃料电池fcev 氢燃料电池fcev`,
  HEV: `hev 非插电混合动力 非插电式混合动力 非插电混动 非插电式混动 非插电 非插电式 非插混 不插电混合动力 不插电混动 油电混合 油电混合动力 油电混动 油混 油电混合hev
    非插电式油电混合 非插电式油电混合动力 混合动力非插电 混合动力非插电式 混合动力不可外接充电 不可外接充电 不可外接充电式混合动力 普通混合动力 普通混动 轻混 弱混 48v轻混 轻度混合动力 mhev 汽油混合动力非插电`,
  diesel: `柴油 diesel 轻柴油 重柴油 车用柴油 柴油机 生物柴油 柴油发动机 0 -10 -20 -35`,
  gasoline: `汽油 gasoline petrol 车用汽油 乙醇汽油 车用乙醇汽油 e10 e10汽油 e10乙醇汽油 无铅汽油 汽油机 89 90 92 93 95 97 98`,
  gas: `天然气 gas cng lng 压缩天然气 液化天然气 天燃气 燃气 压缩天然气cng 液化天然气lng 天然气cng 天然气lng cng天然气 lng天然气 单燃料天然气 ng`,
  other: `其他 其它 other 双燃料 两用燃料 油气双燃料 油气两用 油气两用燃料 汽油天然气 天然气汽油 汽油cng cng汽油 汽油lng 柴油天然气 柴油lng lng柴油 天然气柴油 柴油cng 汽油lpg lpg汽油 双燃料汽油天然气
    双燃料汽油cng lpg 液化石油气 石油气 液化石油气lpg 甲醇 乙醇 醇 甲醇汽油 m100 m15 二甲醚 太阳能 重油 燃油其他`,
  ambiguous: `混合动力 混动 混合 油电 电混 混合动力电动 新能源 清洁能源 新能源电动 气电混合 气电混动 电混合动力 双动力 汽油电 油电两用 电油 汽电 燃油 油 非新能源 传统能源 传统燃料 化石能源 燃料`,
}

const dictionary = new Map<string, EnergyReading>(ENERGIES.map((e) => [e.toLowerCase(), e]))
for (const [energy, words] of Object.entries(WORDS)) {
  for (const word of words.split(/\s+/)) if (word !== '') dictionary.set(word, energy as EnergyReading)
}

const MARKS = /[()[\]【】〔〕「」《》<>"'“”、,，/\\:;_·.。*+&]|[-—–](?!\d)|和|或|与/g
const BRACKETS = /[([【〔]([^)\]】〕]*)[)\]】〕]?/g
const VEHICLE = /(?:驱动)?(?:电动)?(?:动力|能源|燃料)?(?:汽车|车辆|客车|公交车|货车|出租车|车|船舶|船)$/
const GRADE = /^(-?\d{1,2})(?:号|#)(?:车用)?(柴油|汽油)?$/

function lookUp(text: string): EnergyReading | undefined {
  const grade = GRADE.exec(text)
  if (grade) return dictionary.get(grade[2] ?? grade[1] ?? '')
  const word = text.replace(MARKS, '').replace(/#/g, '')
  if (/^-?\d+$/.test(word)) return undefined
  const known = dictionary.get(word)
  if (known !== undefined) return known
  const vehicle = VEHICLE.exec(word)
  // 混合动力汽车 is 混合动力, 纯电动公交车 is 纯电动: take off as much as leaves a known word
  for (const tail of vehicle
    ? ['汽车', '车辆', '客车', '公交车', '货车', '出租车', '车', '船舶', '船', '能源']
    : []) {
    const rest = word.endsWith(tail) ? dictionary.get(word.slice(0, -tail.length)) : undefined
    if (rest !== undefined) return rest
  }
  return word.startsWith('新能源') ? dictionary.get(word.slice(3)) : undefined
}

/** What the words before and within brackets say together: the narrower wins, a contradiction is asked about. */
function combine(
  main: EnergyReading | undefined,
  remark: EnergyReading | undefined,
): EnergyReading | undefined {
  if (main === undefined || remark === undefined || main === remark) return main === remark ? main : undefined
  if (
    main === 'ambiguous' &&
    (remark === 'PHEV' || remark === 'HEV' || remark === 'BEV' || remark === 'FCEV')
  )
    return remark
  return 'ambiguous'
}

/**
 * The energy that a text means; `ambiguous` for words that leave open whether it is new-energy (混合动力, 混动, 油电,
 * 新能源) or which fuel (燃油); undefined when unknown. 双燃料, LPG and 甲醇 are `other`: neither new-energy nor diesel.
 * Source: domain.md "Words".
 */
export const readEnergy: (text: string) => EnergyReading | undefined = memo((text) => {
  const whole = plain(text)
  const known = lookUp(whole)
  if (known !== undefined) return known
  const remarks = Array.from(whole.matchAll(BRACKETS), (m) => m[1] ?? '').join('')
  if (remarks !== '') {
    const main = lookUp(whole.replace(BRACKETS, ''))
    const both = combine(main, lookUp(remarks))
    if (both !== undefined) return both
    if (main !== undefined && !/电|混|氢|油|气|双|非|ev/.test(remarks)) return main
  }
  return /混合动力|混动|油电/.test(whole) ? 'ambiguous' : undefined
})
