import { FIELDS, type Field } from './issue.ts'
import { memo, plain } from './read-text.ts'
import type { CellField } from './row.ts'

/**
 * The vocabulary of headers (domain.md "Upload vocabulary", and its neighbours in transport offices' lists). A closed
 * dictionary composed of words and prefixes: a header is known or it means nothing; nothing is guessed from parts of it.
 */

/** What a header means. Of two columns for one field the higher rank wins, then the first. */
export interface HeaderMeaning {
  field: CellField
  /** 3 says "the new vehicle", 2 is a plain wording, 1 a vague one (日期), 0 depends on the other columns. */
  rank: number
  /** The field meant when another column holds `field` already: 淘汰车辆车牌号 beside 车牌号. */
  otherwise?: Field
  /** It means this only beside a column of this field: 颜色 beside 车牌号. */
  beside?: Field
}

const words = (text: string): string[] => text.trim().split(/\s+/)

const PLATE =
  words(`车牌号 号牌号码 车牌 车牌号码 号牌 号牌号 车号 车辆号牌 车辆号牌号码 车辆牌照 车牌照 车牌照号 牌照 牌照号 牌照号码
  车辆牌照号 车辆牌照号码 机动车号牌 机动车号牌号码 车辆牌号 牌号 车辆车牌 车辆车牌号 车辆车牌号码 车牌编号 车牌号牌 船名 船舶名称 船舶名 中文船名`)
const VIN =
  words(`车架号 vin vin码 vin号 vin号码 vin编码 vin代码 车辆识别代号 车辆识别代码 车辆识别码 车辆识别号 车辆识别号码 车辆识别代号码
  识别代号 识别代码 车架号码 车架编号 车辆车架号 大架号 底盘号 车架号vin 车架号vin码 vin车架号 车辆识别代号vin 车辆识别代码vin
  车辆识别代号车架号 车架号车辆识别代号 车架号识别代号 船舶识别号 船舶识别号码 船舶识别编号`)
/** Where a vessel has no identification number its registration number takes the place; beside one it only adds. */
const VESSEL_REGISTRATION = words('船舶登记号 船舶登记号码 船舶登记编号')
const CATEGORY = words('车辆类别 车型类别 类别 营运类别 车辆分类 行业类别 经营类别 车辆种类 运输类别')
const CATEGORY_VAGUE = words('类型 车辆类型 车型 车种 行业 行业类型')
const ENERGY =
  words(`能源类型 燃料类型 燃料种类 动力类型 能源种类 能源类别 燃料类别 能源 燃料 动力 动力种类 动力形式 动力方式 能源形式
  车辆能源类型 车辆燃料类型 车辆燃料种类 车辆动力类型 能源动力类型 燃料能源类型 能源燃料类型 能源或燃料类型 驱动类型 使用燃料`)
const EMISSION = words(
  '排放标准 排放阶段 排放 排放等级 排放标准阶段 排放阶段标准 排放水平 车辆排放标准 排放标准等级',
)
const REGISTERED =
  words(`注册日期 初次登记日期 注册登记日期 初次注册日期 初次注册登记日期 初登日期 上牌日期 上牌时间 注册时间 注册登记时间
  初次登记时间 初次注册时间 车辆注册日期 车辆注册登记日期 车辆登记日期 行驶证注册日期 初次上牌日期`)
const REGISTERED_VAGUE = words('登记日期 登记时间')
const OPERATOR =
  words(`所属企业 业户名称 公司 业户 经营者 单位名称 企业名称 企业 所属公司 公司名称 所属单位 经营业户 经营业户名称 经营企业
  经营单位 经营者名称 运营企业 运营单位 运营公司 营运企业 营运单位 车属单位 业户单位 所属业户 所属业户名称 所属企业名称 所属公司名称 所属单位名称
  所属运营企业 运输企业 运输业户 道路运输经营者 企业单位名称 车辆所属企业 车辆所属单位 车辆所有人 机动车所有人 所有人 产权单位 业主名称 业主`)
const OPERATOR_VAGUE = words('单位 车主 使用单位 统一社会信用代码 社会信用代码 信用代码 企业代码')
const COUNTY =
  words(`县市区 所属区域 行政区划 县区 区县 所在县 所属县 所属县市区 所在县市区 所属县区 所在县区 所属区县 所在区县 所属县市 所在县市
  区域 所属地区 所在地区 地区 县 县市 县别 市县区 市县 辖区 所属辖区 所在辖区 所在地 所在区域 行政区 行政区域 行政区划代码 行政区划名称 区划 区划代码
  属地 县区名称 县市区名称 县名 所属行政区划 所属行政区域 所在行政区划`)
const COUNTY_VAGUE = words('注册地 登记地 经营区域 运营区域 营运区域 经营地 车籍地 车籍所在地')
const KIND =
  words(`变动类型 业务类型 变动类别 业务类别 变更类型 变更类别 变动情况 变动方式 变动种类 业务种类 办理类型 事项类型 变动事项 业务事项
  办理业务 异动类型 车辆变动类型`)
const KIND_VAGUE = words('变动 业务 事项 变动原因 异动')
const ON =
  words(`变动日期 业务日期 变动时间 业务时间 变更日期 变更时间 办理日期 办理时间 业务办理日期 业务办理时间 生效日期 发生日期 发生时间
  异动日期 车辆变动日期`)
const ON_VAGUE =
  words(`日期 时间 更新日期 更新时间 新增日期 新增时间 投放日期 投放时间 淘汰日期 淘汰时间 报废日期 报废时间 注销日期 注销时间 更换日期 更换时间
  电池更换日期 电池更换时间 更换电池日期 更换电池时间 换电池日期 过户日期 过户时间 转出日期 转出时间 退出日期 投入运营日期 投入营运日期`)
const REASON =
  words(`淘汰方式 注销原因 淘汰原因 淘汰类型 淘汰类别 退出方式 退出原因 退出类型 注销方式 注销类型 处置方式 旧车处置方式 处理方式
  旧车处理方式 减少原因 旧车淘汰方式 淘汰处置方式`)
const CERTIFICATE =
  words(`报废证明 回收证明 报废回收证明 报废机动车回收证明 报废汽车回收证明 报废车辆回收证明 机动车回收证明 机动车报废证明 车辆报废证明
  报废证 注销证明 机动车注销证明 报废或注销证明 报废注销证明 证明`)
const PACKS =
  words(`更换电池块数 电池更换数量块 电池更换数量 更换电池数量 更换电池数量块 电池更换块数 电池块数 更换电池数 换电池块数 换电池数量
  更换动力电池块数 更换动力电池数量 更换动力电池数 动力电池更换块数 动力电池更换数量 动力电池更换数 动力电池块数 动力电池数量 更换块数 更换电池块数块`)
const PACKS_VAGUE = words('电池数量 更换数量 块数')
const NOTE = words('备注 说明 备注说明 附注 其他说明 备注栏 备注信息')

const COLOUR =
  words(`号牌颜色 车牌颜色 车辆号牌颜色 车牌号颜色 车牌照颜色 牌照颜色 机动车号牌颜色 号牌种类 号牌类型 号牌类别 车牌种类 车牌类型 车牌类别
  机动车号牌种类 机动车号牌类型 platecolour platecolor`)
/** Columns that hold the beginning of a plate whose rest stands beside them. */
const PREFIX = new Set(
  words(`省份简称 省简称 省份 简称 车牌前缀 号牌前缀 车牌号前缀 号牌号码前缀 车牌简称 号牌简称 车牌省份 号牌省份 车牌归属地 号牌归属地 发牌机关代号
  发牌机关 发牌机关代码 号牌头 车牌头 字头 号牌字头 车牌字头 车牌代码 号牌代码 车牌地区 地区代码 省份代码 归属地 牌头`),
)

const OLD =
  words(`被更新 被更新车 被更新车辆 被替换 被替换车 被替换车辆 被置换 被置换车辆 被淘汰 被淘汰车 被淘汰车辆 被替代 被替代车辆 被报废车辆
  原 原车 原车辆 旧 旧车 旧车辆 老 老车 老旧 老旧车 老旧车辆 更新前 更新前车辆 替换前 替换前车辆 置换前 置换前车辆 对应旧车 对应的旧车 对应原车 对应被更新车辆 对应淘汰车辆
  对应报废车辆 所更新 所更新车辆 所替换车辆`)
const GONE = words('淘汰 淘汰车 淘汰车辆 报废 报废车 报废车辆 注销车辆 退出车辆')
const NEW =
  words(`新 新车 新车辆 更新后 更新后车辆 新购 新购车 新购车辆 新购置车辆 新增 新增车 新增车辆 替换后 替换后车辆 置换后 置换后车辆 更新车 更新车辆
  新能源车 新能源车辆 现 现车`)
const INTO = words('转入 新 变更后 过户后 转属后 受让 接收 调入 迁入 新的 转移后')
const OUT_OF = words('原 转出 变更前 过户前 转属前 调出 迁出')

const dictionary = new Map<string, HeaderMeaning>()

function learn(
  field: CellField,
  rank: number,
  texts: readonly string[],
  prefixes: readonly string[] = [''],
): void {
  for (const prefix of prefixes) {
    for (const text of texts) {
      const key = prefix + text
      if (!dictionary.has(key)) dictionary.set(key, { field, rank })
    }
  }
}

for (const field of FIELDS) learn(field, 2, [field.toLowerCase()])
learn('replaces', 2, [...PLATE, ...VIN], OLD)
learn(
  'replaces',
  2,
  words(
    '被更新车辆 被更新车 被替换车辆 被替换车 被置换车辆 被淘汰车辆 原车 原车辆 旧车 旧车辆 更新前车辆 替换前车辆',
  ),
)
learn(
  'replaces',
  2,
  words('车牌号旧 车牌旧 号牌旧 车牌号原 车牌原 车牌号旧车 车牌号被更新车辆 车架号旧 车架号原 vin旧 vin原'),
)
learn('plate', 2, PLATE)
learn('plate', 2, words('platenumber plateno licenseplate licenceplate'))
learn('vin', 2, VIN)
learn('vin', 1, VESSEL_REGISTRATION)
for (const [field, texts] of [
  ['plate', PLATE],
  ['vin', VIN],
] as const) {
  learn(field, 3, texts, NEW)
  for (const prefix of GONE) {
    for (const text of texts) dictionary.set(prefix + text, { field, rank: 0, otherwise: 'replaces' })
  }
}
learn('toOperator', 2, [...OPERATOR, '单位'], INTO)
learn('toOperator', 2, words('受让方 受让人 接收方 转入方'))
learn('toCounty', 2, [...COUNTY, '地'], INTO)
learn('operator', 2, OPERATOR)
learn('operator', 1, [...OPERATOR, '单位', '方'], OUT_OF)
learn('operator', 1, OPERATOR_VAGUE)
learn('county', 2, COUNTY)
learn('county', 1, [...COUNTY, '地'], OUT_OF)
learn('county', 1, COUNTY_VAGUE)
learn('category', 2, CATEGORY)
learn('category', 1, CATEGORY_VAGUE)
learn('energy', 2, ENERGY)
learn('energy', 1, words('新能源类型 新能源车类型 新能源车辆类型 新能源汽车类型 新能源种类'))
learn('energy', 2, words('fuel fueltype energytype'))
learn('emission', 2, EMISSION)
learn('emission', 2, words('emissionstandard'))
learn('registeredOn', 2, REGISTERED)
learn('registeredOn', 1, REGISTERED_VAGUE)
for (const [field, texts] of [
  ['category', CATEGORY],
  ['energy', ENERGY],
  ['emission', EMISSION],
  ['registeredOn', [...REGISTERED, ...REGISTERED_VAGUE]],
] as const) {
  learn(field, 3, texts, NEW)
}
// 新车类型 is the new vehicle's, 新增类型 says something else
learn(
  'category',
  3,
  CATEGORY_VAGUE,
  NEW.filter((prefix) => /车辆?$/.test(prefix)),
)
learn('kind', 2, KIND)
learn('kind', 1, KIND_VAGUE)
learn('on', 2, ON)
learn('on', 1, ON_VAGUE)
learn('reason', 2, REASON)
learn('reason', 1, words('原因 车辆去向'))
for (const tail of ['', '编号', '号', '号码', '编码', '书编号', '书号', '文号'])
  learn(
    'certificate',
    2,
    CERTIFICATE.map((w) => w + tail),
  )
learn('packs', 2, PACKS)
learn('packs', 1, PACKS_VAGUE)
learn('plateColour', 2, COLOUR)
learn('plateColour', 3, COLOUR, NEW)
dictionary.set('颜色', { field: 'plateColour', rank: 1, beside: 'plate' })
learn('note', 2, NOTE)
learn('note', 2, words('remark remarks'))

const MARKS = /[*★☆※#()[\]{}【】〔〕「」『』《》<>〈〉"'“”‘’、,，/\\:：;；.。·_\-—–|?？!！]/g
const BRACKETS = /[([{【〔「『《<〈]([^)\]}】〕」』》>〉]*)[)\]}】〕」』》>〉]?/g
const NUMBERING = /^(?:[(]?\d{1,2}[)]?[.、:)]|[(]?[一二三四五六七八九十]{1,3}[)]?[.、:)])(?=\D)/
/** Words in brackets that change what the header is about: the old vehicle, another unit of count. */
const CHANGES_MEANING = /旧|原|老|被|前|淘汰|报废|组|套|kwh|度|新|转入|转出|变更/

const strip = (text: string): string =>
  text.replace(MARKS, '').replace(/(?:必填|选填|必填项|选填项|required|optional)$/, '')

function meaningOf(text: string): HeaderMeaning | undefined {
  const whole = plain(text)
    .replace(/^[*★☆※]+/, '')
    .replace(NUMBERING, '')
  if (whole === '' || whole.length > 60) return undefined
  const known = dictionary.get(strip(whole))
  if (known !== undefined) return known
  const inBrackets = Array.from(whole.matchAll(BRACKETS), (m) => m[1] ?? '').join(' ')
  if (inBrackets === '' || CHANGES_MEANING.test(inBrackets)) return undefined
  return dictionary.get(strip(whole.replace(BRACKETS, '')))
}

/**
 * What a header says, or undefined when it means nothing here (序号, 使用性质, 填报人 …). White space, line
 * breaks, width, brackets, numbering and marks for required columns do not matter.
 */
export const headerMeaning: (text: string) => HeaderMeaning | undefined = memo(meaningOf, 2000)

/** The field that a header names, or undefined. Source: domain.md "Upload vocabulary". */
export const fieldOfHeader = (text: string): CellField | undefined => headerMeaning(text)?.field

/** True for the header of a column with the first characters of plates: 省份简称 beside 号牌. */
export const isPlatePrefixHeader = (text: string): boolean =>
  text.length <= 30 && PREFIX.has(strip(plain(text).replace(BRACKETS, '')))

const OLD_GROUP = /旧|原车|原有|被更新|被替换|被置换|被淘汰|更新前|替换前|置换前|老车|老旧/

/**
 * What a header means below a group's label (被更新车辆 over 车牌号, 变动情况 over 类型). Below a label for the old
 * vehicle a plate or VIN is `replaces` and everything else means nothing.
 */
export function headerMeaningIn(group: string, text: string): HeaderMeaning | undefined {
  const label = plain(group).replace(/(?:基本)?(?:情况|信息|资料|登记|内容)$/, '')
  const alone = headerMeaning(text)
  if (label === '' || alone === undefined || label === plain(text)) return alone
  if (OLD_GROUP.test(label)) {
    const identity = alone.field === 'plate' || alone.field === 'vin' || alone.field === 'replaces'
    return identity ? { field: 'replaces', rank: 2 } : undefined
  }
  return headerMeaning(label + plain(text)) ?? alone
}
