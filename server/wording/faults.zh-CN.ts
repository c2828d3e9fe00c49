/** What is wrong with a field of a request, where it is not an issue of a row: what happened, then what to do. */
export const faultsZh = {
  'email.invalid': '邮箱格式不正确，请核对',
  'password.short': '密码至少 10 个字符',
  'password.long': '密码最多 200 个字符',
  'credit-code.invalid': '统一社会信用代码不正确：应为 18 位，且校验位相符，请对照营业执照核对',
  'account.needs-county': '县级经办人须选定所属县（市、区）',
  'account.needs-operator': '企业用户须选定所属企业',
  'account.no-county': '只有县级经办人才选所属县（市、区），请去掉',
  'account.no-operator': '只有企业用户才选所属企业，请去掉',
  'month.invalid': '月份格式不正确，请按 2026-11 的格式填写',
  'month.not-open': '只能为本月或上月作零报告',
  'report.needs-operator': '请选定为哪家企业作零报告',
  'claim.length': '请写明理由，最多 1000 字',
  'wish.invalid': '请选择希望怎样处理：按原样入账，或入账但不计入某些指标',
  'rules.invalid': '只能从有目标的更新、淘汰、新增等指标中免计，在营车辆占比不能免计，请重新选择',
  'cursor.invalid': '翻页位置已失效，请从第一页重新查看',
}
