import type { Role } from '../accounts/schema.ts'
import type { AssessmentStatus } from '../domain/assessment.ts'
import type { IssueField } from '../domain/issue.ts'
import type { Category, Emission, Energy, Kind, Reason, Status } from '../domain/vocabulary.ts'
import type { NoteName } from '../imports/reading/notes.ts'
import type { ImportStatus, Outcome } from '../imports/schema.ts'
import {
  auditActionsZh,
  auditChannelsZh,
  auditFieldsZh,
  auditOutcomesZh,
  auditPermissionsZh,
  auditTargetsZh,
  auditValuesZh,
} from './audit.zh-CN.ts'
import { exportsZh } from './exports.zh-CN.ts'
import { faultsZh } from './faults.zh-CN.ts'
import { issueNamesZh } from './issue-names.zh-CN.ts'
import { issuesZh } from './issues.zh-CN.ts'
import { noticeFieldsZh, noticesZh } from './notices.zh-CN.ts'
import { problemsZh } from './problems.zh-CN.ts'
import { openDataZh, qualityZh } from './quality.zh-CN.ts'
import { scenariosZh } from './scenarios.zh-CN.ts'
import { workbooksZh } from './workbooks.zh-CN.ts'

/**
 * The words for the product's closed sets, in Chinese: what the pages, the mails and the exported files all say.
 * `satisfies` makes a value without a word, and a word without a value, a compile error.
 */
export const zhCN = {
  product: {
    name: '车辆更新台账',
    tagline: '每一个数字都能查到车',
  },
  category: {
    bus: '城市公交',
    'cruising-taxi': '巡游出租车',
    'ride-hailing': '网约车',
    truck: '营运货车',
    sanitation: '环卫车',
    vessel: '内河船舶',
  } satisfies Record<Category, string>,
  energy: {
    BEV: '纯电动',
    PHEV: '插电式混合动力（含增程式）',
    FCEV: '燃料电池',
    HEV: '非插电混合动力',
    diesel: '柴油',
    gasoline: '汽油',
    gas: '天然气',
    other: '其他',
  } satisfies Record<Energy, string>,
  newEnergy: { yes: '新能源', no: '非新能源' },
  emission: {
    '0': '国零',
    '1': '国一',
    '2': '国二',
    '3': '国三',
    '4': '国四',
    '5': '国五',
    '6': '国六',
  } satisfies Record<Emission, string>,
  kind: {
    stock: '存量',
    added: '新增',
    replaced: '更新',
    retired: '淘汰',
    'battery-swap': '更换动力电池',
    transferred: '过户/转属',
  } satisfies Record<Kind, string>,
  reason: {
    scrapped: '报废',
    deregistered: '注销',
    'transferred-out': '转出',
    replaced: '被更新',
  } satisfies Record<Reason | 'replaced', string>,
  vehicleStatus: { active: '在营', retired: '已退出' } satisfies Record<Status, string>,
  assessment: {
    'no-data': '暂无数据',
    'on-track': '达到要求',
    'at-risk': '略有滞后',
    behind: '进度落后',
    breached: '已不达标',
    met: '已完成',
    missed: '未完成',
    reported: '仅作统计',
  } satisfies Record<AssessmentStatus, string>,
  importStatus: {
    parsing: '正在核对',
    checked: '待审定',
    submitted: '已报送',
    applying: '正在入账',
    applied: '已入账',
    rejected: '已退回',
    failed: '处理失败',
    cancelled: '已取消',
    withdrawing: '正在撤回',
    withdrawn: '已撤回',
  } satisfies Record<ImportStatus, string>,
  outcome: {
    new: '待入账',
    changed: '有变化',
    unchanged: '账上已有',
    error: '有错误',
    missing: '名单中没有',
    warning: '有提醒',
  } satisfies Record<Outcome | 'warning', string>,
  severity: { error: '错误', warning: '提醒' },
  mailStatus: {
    queued: '待发送',
    sending: '正在发送',
    sent: '已发送',
    failed: '对方拒收，未发送',
    'given-up': '多次重试未送达',
  },
  runStatus: { running: '正在运行', done: '已完成', failed: '失败' },
  role: {
    administrator: '系统管理员',
    officer: '市级经办人',
    'county-officer': '县级经办人',
    viewer: '查阅人',
    operator: '企业用户',
  } satisfies Record<Role, string>,
  /** what stands where a vehicle has a plate and a VIN, of vessels */
  vesselField: { plate: '船名', vin: '船舶识别号', replaces: '被更新船名' },
  field: {
    plate: '车牌号',
    vin: '车架号',
    category: '车辆类别',
    energy: '能源类型',
    emission: '排放标准',
    registeredOn: '注册日期',
    operator: '所属企业',
    county: '县（市、区）',
    kind: '变动类型',
    on: '变动日期',
    replaces: '被更新车牌号',
    reason: '淘汰方式',
    certificate: '报废证明编号',
    packs: '更换电池块数',
    toOperator: '转入企业',
    toCounty: '转入县（市、区）',
    note: '备注',
    batteries: '电池编码',
  } satisfies Record<IssueField, string>,
  note: {
    footer: '表格下方的填表人、审核人、备注等 {{count}} 行未作为数据读取',
    total: '合计、小计等 {{count}} 行未作为数据读取',
    'header-again': '重复出现的表头或标题 {{count}} 行已略过',
    example: '模板自带的示例 {{count}} 行已略过',
    'hidden-rows': '隐藏或被筛选掉的 {{count}} 行也已读取',
    'hidden-columns': '隐藏的列也已读取：{{columns}}',
    'hidden-sheet': '这是隐藏的工作表，需要时请选择读取',
    'no-header-sheet': '工作表中没有找到表头，未读取',
    'merged-cells': '{{count}} 行的内容取自上方的合并单元格',
    'wrong-extension': '文件扩展名为 .{{extension}}，实际内容为 {{format}} 格式，已按实际内容读取',
    macros: '文件含有宏，宏未运行，只读取了单元格内容',
    formulas: '{{count}} 个单元格是公式，已采用文件中保存的计算结果',
    'formula-empty':
      '{{count}} 个公式单元格没有保存计算结果，按空白处理。请用电子表格软件打开并保存后重新上传',
    'duplicate-header': '以下列与其他列含义相同，未读取：{{columns}}',
    'cell-errors': '{{count}} 个单元格为 #N/A、#REF! 等错误值，请改正',
    'columns-cut': '只读取前 {{max}} 列，{{count}} 行在其右侧还有内容，未读取',
    'text-cut': '{{count}} 个单元格内容过长，只保留前 {{max}} 个字符',
    'plate-joined': '{{count}} 行的车牌号由分开填写的两部分合成',
  } satisfies Record<NoteName, string>,
  unit: { percent: '%', vehicles: '辆', packs: '块' },
  job: {
    'daily-check': '每日达标核查',
    'weekly-report': '周报',
    'monthly-report': '月报',
    'quarterly-report': '季报',
    'daily-seal': '台账每日封存',
    'tally-check': '指标汇总每日复算',
    reminders: '报送提醒',
    cleaning: '过期数据清理',
    outbox: '邮件投递',
  },
  issue: issuesZh,
  issueName: issueNamesZh,
  problem: problemsZh,
  workbook: workbooksZh,
  exported: exportsZh,
  scenario: scenariosZh,
  quality: qualityZh,
  openData: openDataZh,
  fault: faultsZh,
  notice: noticesZh,
  noticeField: noticeFieldsZh,
  auditAction: auditActionsZh,
  auditTarget: auditTargetsZh,
  auditOutcome: auditOutcomesZh,
  auditChannel: auditChannelsZh,
  auditField: auditFieldsZh,
  auditValue: auditValuesZh,
  auditPermission: auditPermissionsZh,
}
