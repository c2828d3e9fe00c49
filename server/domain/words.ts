import type { PlateColour } from './plate.ts'
import { memo, plain } from './read-text.ts'
import { readRegion } from './regions.ts'
import {
  CATEGORIES,
  type Category,
  EMISSIONS,
  type Emission,
  KINDS,
  type Kind,
  REASONS,
  type Reason,
} from './vocabulary.ts'

/**
 * The vocabulary of values (domain.md "Words" and "Upload vocabulary"): the wordings that lists use for the closed
 * sets of vocabulary.ts. What is not known here is asked about, never guessed. Headers: read-headers.ts; energies:
 * read-energy.ts; dates: read-date.ts.
 */
export { type EnergyReading, readEnergy } from './read-energy.ts'
export {
  fieldOfHeader,
  type HeaderMeaning,
  headerMeaning,
  headerMeaningIn,
  isPlatePrefixHeader,
} from './read-headers.ts'

/** A dictionary from `value: 'word word …'` and the set's own codes. */
function dictionary<T extends string>(own: readonly T[], texts: Partial<Record<T, string>>): Map<string, T> {
  const map = new Map<string, T>(own.map((code) => [code.toLowerCase(), code]))
  for (const code of own) {
    for (const word of (texts[code] ?? '').split(/\s+/)) if (word !== '') map.set(word, code)
  }
  return map
}

const MARKS = /[()[\]【】〔〕「」《》<>"'“”、,，/\\:;_\-—–·.。*+]/g
const BRACKETS = /[([【〔]([^)\]】〕]*)[)\]】〕]?/g
const bare = (text: string): string => plain(text).replace(MARKS, '')

const categories = dictionary(CATEGORIES, {
  bus: `城市公交 城市公交车 城市公交车辆 城市公交客车 公交 公交车 公交车辆 公交客车 公交客运 公交汽车 公共汽车 公共汽电车 城市公共汽车
    城市公共汽电车 电动公交车 公交大巴`,
  'cruising-taxi': `巡游出租车 巡游出租汽车 巡游出租 巡游车 巡游 出租车 出租汽车 出租 出租客运 出租车巡游 出租汽车巡游 出租车巡游车 出租汽车巡游车
    巡游出租客运 巡游出租车辆 出租车辆 巡游的士 的士 计程车 taxi`,
  'ride-hailing': `网约车 网络预约出租车 网络预约出租汽车 网约出租车 网约出租汽车 网约 网络约车 网络预约车 网络预约 预约出租车 预约出租汽车 预约出租客运
    出租车网约 出租车网约车 出租汽车网约 出租汽车网约车 出租车网络预约 出租汽车网络预约 网约车辆 网络预约出租客运 网络预约出租汽车网约车`,
  truck: `营运货车 货车 载货汽车 载货车 载货车辆 货运 货运车 货运车辆 营运货运车辆 营运载货汽车 道路货运 道路货运车辆 货物运输车辆 道路货物运输车辆
    物流车 物流配送车 城市物流车 城市配送车 卡车 自卸车 自卸汽车 牵引车 牵引汽车 半挂牵引车 重卡 轻卡 微卡 中卡 普通货运 营业性货车`,
  sanitation: `环卫车 环卫 环卫车辆 环卫作业车 环卫作业车辆 环卫专用车 环卫专用车辆 城市环卫 城市环卫车 城市环卫车辆 环卫垃圾车 垃圾车 垃圾运输车
    垃圾转运车 垃圾清运车 压缩式垃圾车 洒水车 清扫车 扫路车 洗扫车 清洗车 吸污车 吸粪车 抑尘车`,
  vessel: '内河船舶 船舶 内河船 内河货船 内河客船 内河运输船舶 货船 客船 游船 渡船 客渡船 船 运输船舶',
})

/** The registration authority's own names of goods vehicles: 重型半挂牵引车, 轻型厢式货车, 中型自卸货车 … */
const GOODS_VEHICLE =
  /^(?:营运|道路|城市|物流|配送|普通|重型|中型|轻型|微型|大型|小型|厢式|仓栅式|栏板|栏板式|自卸|平板|低平板|罐式|封闭|封闭式|集装箱|车厢可卸式|多用途|冷藏|危险品|危险货物|半挂|全挂|特殊结构|载货|货运)+(?:货车|载货汽车|载货车|牵引车|牵引汽车|货运车辆?|物流车|配送车|自卸车|自卸汽车)$/
const OTHER_CATEGORY = /网|巡|货|公交|出租|环卫|船|客|非/

/** The category that a text means, or undefined. Takes any text; 出租车 alone is a cruising taxi. */
export const readCategory: (text: string) => Category | undefined = memo((text) => {
  const word = bare(text)
  const known = categories.get(word) ?? categories.get(plain(text))
  if (known !== undefined) return known
  if (GOODS_VEHICLE.test(word)) return 'truck'
  const whole = plain(text)
  const main = whole.replace(BRACKETS, '').replace(MARKS, '')
  const remark = Array.from(whole.matchAll(BRACKETS), (m) => m[1] ?? '').join('')
  if (remark === '' || OTHER_CATEGORY.test(remark)) return undefined
  return categories.get(main) ?? (GOODS_VEHICLE.test(main) ? 'truck' : undefined)
})

const NUMERALS: Readonly<Record<string, Emission>> = {
  ...{ 零: '0', 〇: '0', 一: '1', 二: '2', 三: '3', 四: '4', 五: '5', 六: '6' },
  ...{ i: '1', ii: '2', iii: '3', iv: '4', v: '5', vi: '6' },
  ...Object.fromEntries(EMISSIONS.map((e) => [e, e])),
}
const EMISSION =
  /^(?:中国|国家|国标|国|gb|china|cn)?(?:第)?([0-6零〇一二三四五六]|iii|ii|iv|vi|v|i)(?:[ab]|阶段[ab])?(?:排放标准|排放阶段|阶段排放标准|阶段标准|标准|阶段|排放)?$/
const NO_EMISSION = new Set([
  '零排放',
  '纯电动',
  '纯电',
  '电动',
  '新能源',
  'bev',
  '无排放',
  '燃料电池',
  '无标准',
])

/**
 * The emission standard that a text means: 国三, 国Ⅲ, 国III, 国3, 国Ⅲ标准, 国六b, 3. `none` when it says that there is
 * none (纯电动, 零排放; the marks for "nothing" are the caller's). Undefined for anything else, European (欧Ⅲ) and
 * local (京五) stages included: they are other standards, and whether a truck counts hangs on the national one.
 */
export const readEmission: (text: string) => Emission | 'none' | undefined = memo((text) => {
  const word = bare(text)
  if (NO_EMISSION.has(word)) return 'none'
  const stage = EMISSION.exec(word)?.[1]
  return stage === undefined ? undefined : NUMERALS[stage]
})

const kinds = dictionary(KINDS, {
  stock:
    '存量 存量车 存量车辆 存量登记 在用 在用车 在用车辆 在营 在营车辆 现有 现有车辆 既有 既有车辆 在册 在册车辆',
  added:
    '新增 新增车 新增车辆 车辆新增 新增投放 新增购置 新购 新购置 新购车辆 新投放 新投入 投放 投入运营 投入营运 增加 增车 新增加',
  replaced: `更新 更新替换 更新置换 更新车 更新车辆 车辆更新 更新购置 更新购车 替换 替换更新 车辆替换 置换 置换更新 车辆置换 更换车辆 更替 以旧换新
    报废更新 淘汰更新 提前更新 到期更新 更新换代`,
  retired: '淘汰 车辆淘汰 淘汰车辆 提前淘汰 退出 退出营运 退出运营 退出市场 减少 车辆退出 淘汰退出',
  'battery-swap': `更换电池 换电池 电池更换 动力电池更换 更换动力电池 更换动力蓄电池 动力蓄电池更换 换动力电池 蓄电池更换 更换蓄电池 更换电池组 电池更新
    动力电池更新 更换车用动力电池`,
  transferred: `过户 转属 转籍 过户转属 转属过户 过户转籍 转籍过户 转移 转移登记 转让 所有权转移 变更业户 业户变更 企业变更 变更企业 单位变更 变更单位 变更所属企业
    所属变更 权属变更 产权变更 变更县区 县区变更 变更区域 区域变更 转属地 调拨`,
})

/** Kinds that say the reason too. */
const RETIRED_BY: Readonly<Record<Reason, string>> = {
  scrapped: `报废 车辆报废 报废车辆 报废淘汰 淘汰报废 报废注销 注销报废 提前报废 强制报废 到期报废 报废回收 报废拆解 回收拆解 拆解 已报废 淘汰拆解 报废处理 报废退出
    正常报废 机动车报废 拆解报废`,
  deregistered: `注销 注销登记 车辆注销 淘汰注销 注销淘汰 已注销 注销退出 退出注销 注销营运 注销营运证 注销道路运输证 营运证注销 道路运输证注销 注销牌证 申请注销`,
  'transferred-out': `转出 车辆转出 淘汰转出 转出淘汰 转出本市 转出市外 转出外地 转出外市 转出外省 迁出 迁出本市 迁出市外 外迁 外转 外市转出 转籍转出 转出转籍 异地转出
    转往外地 转至外地 转让外地 跨市转出`,
}
const reasons = dictionary(REASONS, {
  ...RETIRED_BY,
  deregistered: `${RETIRED_BY.deregistered} 退出营运 退出运营 退出市场 停止营运`,
  'transferred-out': `${RETIRED_BY['transferred-out']} 转籍 转籍外地 过户转出 转出过户 过户外地 过户至外地`,
})
const retiredBy = dictionary(REASONS, RETIRED_BY)

/** The kind that a text means, with the reason if it says one (报废, 淘汰(注销)); undefined when unknown. */
export const readKind: (text: string) => { kind: Kind; reason?: Reason } | undefined = memo((text) => {
  const word = bare(text)
  const kind = kinds.get(word) ?? kinds.get(plain(text))
  if (kind !== undefined) return { kind }
  const reason = retiredBy.get(word) ?? retiredBy.get(plain(text))
  return reason === undefined ? undefined : { kind: 'retired' as const, reason }
})

/** Why a vehicle left, from a text such as 报废, 注销登记 or 转出; undefined when unknown. */
export const readReason: (text: string) => Reason | undefined = memo(
  (text) => reasons.get(bare(text)) ?? reasons.get(plain(text)),
)

const COLOURS: Readonly<Record<PlateColour, string>> = {
  'new-energy': `绿 绿色 绿牌 渐变绿 渐变绿色 黄绿 黄绿色 黄绿双拼 黄绿双拼色 新能源 新能源汽车 新能源号牌 小型新能源汽车 大型新能源汽车 小型新能源 大型新能源
    小型新能源汽车号牌 大型新能源汽车号牌 green`,
  ordinary: `蓝 蓝色 蓝牌 黄 黄色 黄牌 小型汽车 大型汽车 小型汽车号牌 大型汽车号牌 小型车 大型车 普通 普通号牌 blue yellow`,
  special: '白 白色 白牌 黑 黑色 黑牌 蓝白渐变 white black',
}
const colours = new Map(
  (Object.keys(COLOURS) as PlateColour[]).flatMap((colour) =>
    COLOURS[colour]
      .split(/\s+/)
      .filter((word) => word !== '')
      .map((word) => [word, colour] as const),
  ),
)

/** What the colour or the kind of a number plate says, or undefined; 号牌颜色 and 号牌种类 hold it. */
export const readPlateColour: (text: string) => PlateColour | undefined = memo((text) =>
  colours.get(bare(text)),
)

/** The region code that a text means (name, short or former name, or code), or undefined. */
export const readCounty = (text: string): string | undefined =>
  readRegion(plain(text).replace(/\.0+$/, ''))?.code
