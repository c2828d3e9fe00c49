import type { IssueCode } from '../domain/issue.ts'

/**
 * What each issue code says to the person who mends the list: what is wrong, then what to do. A variant behind `_`
 * (i18next's context) is used when the parameters it names are there; see `issueText`.
 */
export const issuesZh = {
  'required.missing': '必填项为空，请补填',
  'required.missing_field': '“{{field}}”为空，请补填',
  'plate.invalid':
    '车牌号“{{value}}”不符合规定格式，请对照行驶证核对（字母 I、O 不用于序号，新能源号牌为 8 位）',
  'plate.energy-mismatch': '号牌“{{value}}”的类型与能源类型“{{energy}}”不一致，请核对号牌或能源类型',
  'plate.energy-mismatch_colour':
    '号牌“{{value}}”的颜色或种类“{{colour}}”与号牌位数或能源类型不一致，请对照行驶证核对',
  'vin.invalid':
    '车架号“{{value}}”不正确：应为 17 位，不含字母 I、O、Q（现为 {{length}} 位），请对照行驶证核对',
  'vessel.name-invalid': '船名“{{value}}”不符合格式：2 至 20 个字，至少两个汉字，请对照船舶国籍证书核对',
  'vessel.number-invalid':
    '“{{value}}”不是船舶识别号：应为 CN 加 11 位数字，没有识别号的填 12 位船舶登记号；只有内河船舶用这两种号码',
  'vin.check-digit': '车架号“{{value}}”的校验位不符，可能有一位抄错，请对照行驶证核对',
  'category.unknown':
    '不认识的车辆类别“{{value}}”，请填：城市公交、巡游出租车、网约车、营运货车、环卫车或内河船舶',
  'energy.unknown':
    '不认识的能源类型“{{value}}”，请填：纯电动、插电式混合动力、燃料电池、非插电混合动力、柴油、汽油、天然气或其他',
  'energy.ambiguous':
    '“{{value}}”分不清是否插电，请改填“插电式混合动力”（能外接充电）或“非插电混合动力”（不能）',
  'emission.unknown': '不认识的排放标准“{{value}}”，请填国零至国六',
  'emission.missing': '柴油货车未填排放标准，无法判定是否属于老旧货车，请补填',
  'date.invalid': '日期“{{value}}”不存在或无法识别，请按 2024-05-11 的格式填写',
  'date.ambiguous': '日期“{{value}}”分不清年月日，请按 2024-05-11 的格式填写',
  'date.future': '日期“{{value}}”晚于今天，请填实际发生的日期',
  'date.before-registration': '变动日期 {{value}} 早于车辆注册日期 {{registered}}，请核对两个日期',
  'date.before-entry': '变动日期 {{value}} 早于该车入账日期 {{entered}}，请核对日期',
  'county.unknown': '不认识的县（市、区）“{{value}}”，请填本市县（市、区）的全称、简称或行政区划代码',
  'operator.unknown': '企业“{{value}}”没有登记，请核对名称，或先由管理员登记该企业',
  'operator.new': '企业“{{value}}”尚未登记，入账时将一并登记；如是写法不同，请先改为登记名称',
  'kind.unknown': '不认识的变动类型“{{value}}”，请填：存量、新增、更新、淘汰、更换动力电池或过户',
  'kind.unclassed': '台账中没有这辆车，请归类：存量、新增，或更新（并写明被更新的旧车）',
  'kind.unclassed_registered':
    '台账中没有这辆车（{{registered}} 注册，在计划期内），请归类：新增，或更新（并写明被更新的旧车）',
  'reason.unknown': '不认识的淘汰方式“{{value}}”，请填：报废、注销或转出',
  'packs.invalid': '更换电池块数“{{value}}”不正确，请填大于 0 的整数',
  'battery.not-new-energy': '该车登记为{{value}}，不是新能源车，没有可更换的动力电池，请核对车辆或变动类型',
  'battery.not-swap': '只有“更换动力电池”才填电池编码，请去掉或改选变动类型',
  'battery.code-invalid':
    '电池编码“{{value}}”不正确：应为 24 位数字和字母（不含 I、O），请对照电池铭牌核对（GB/T 34014）',
  'battery.duplicate': '电池编码“{{value}}”重复：填了两次，或当时已装在本车上，请核对',
  'battery.too-many': '填了 {{count}} 个换上的电池编码，多于更换块数 {{packs}}，请核对',
  'battery.elsewhere':
    '电池“{{value}}”已装在另一辆车（{{plate}}，车架号 {{vin}}）上，请核对编码和日期；如已从该车拆下，请先登记该车的更换',
  'battery.not-here': '台账显示电池“{{value}}”那天不在本车上，请核对编码和日期',
  'vehicle.outside': '“{{value}}”属于您管辖范围以外的车辆，请核对号码；如需办理，请联系市级经办人',
  'vehicle.returns': '该车（{{value}}）曾于 {{on}} {{reason}}，将按重新投入营运入账，请核对车架号和日期',
  'vehicle.not-found': '台账中没有“{{value}}”，请核对号码；如是漏报的车辆，请先报送存量或新增',
  'vehicle.already-registered': '车架号“{{value}}”已在台账中，不能再次入账，请核对是否重复填报',
  'vehicle.already-retired': '该车已于 {{on}} 退出，此后不应再有变动，请核对日期或车辆',
  'vehicle.conflict': '与台账中该车的记录相互矛盾，请核对',
  'vehicle.conflict_register':
    '填报为“{{value}}”，台账登记为“{{register}}”，请以证件为准核对；如台账有误，请先作废原记录',
  'vehicle.conflict_plate': '号牌“{{value}}”当时在另一辆车（车架号 {{vin}}）上，请核对号牌或日期',
  'vehicle.conflict_date': '与该车 {{on}} 的变动相互矛盾，请核对日期和车辆',
  'vehicle.returned':
    '该车（{{value}}）已于 {{on}} 退出，不能因出现在名单中而恢复在营。请核对车架号；如退出登记有误，请先作废那条记录',
  'vehicle.elsewhere':
    '该车（{{value}}）现登记在另一家企业名下在营，不会自动转入。如已过户，请归类为“过户”或另报过户',
  'clear.not-allowed': '“{{field}}”是必备信息，不能清空；如需更改，请填写新的内容',
  'change.conflict':
    '同一变动已在账上，但此处填报为“{{value}}”，与账上不同；如账上有误，请先作废原记录再重新报送',
  'replaced.not-found': '台账中没有被更新的车辆“{{value}}”，请核对旧车号牌；如是漏报，请先报送存量',
  'replaced.already-retired': '被更新的车辆“{{value}}”已于 {{on}} 退出，不能再次被更新，请核对旧车号牌',
  'transfer.unchanged': '转入的企业和县（市、区）与原来相同，请补填转入方',
  'duplicate.in-file': '与本表第 {{row}} 行重复，请删去其中一行',
  'register.corrected':
    '台账登记为“{{register}}”，入账时将更正为“{{value}}”，该车以往的变动一并更正；请以证件为准核对',
  'register.differs': '填报为“{{value}}”，台账登记为“{{register}}”，入账时以台账为准；如台账有误，请另行更正',
  'register.differs_operator':
    '填报的企业“{{value}}”与台账登记不同，入账时以台账为准；如已过户，请报送过户/转属',
  'stock.in-period': '该车 {{value}} 才注册或入账，已在计划期内，却按存量填报；如属新增或更新，请改变动类型',
} satisfies Record<IssueCode, string> & Record<string, string>
