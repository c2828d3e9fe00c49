import type { NoticeKind } from '../notices/schema.ts'

/** What each notice says, in one sentence. `_…` are variants by what was decided; see `noticeText`. */
export const noticesZh = {
  'list-submitted': '{{operator}}报送了名单《{{filename}}》，等待审定',
  'list-returned': '名单《{{filename}}》已退回，请按意见修改后重新报送',
  'list-applied': '名单《{{filename}}》已入账，记录变动 {{recorded}} 条',
  'list-failed': '名单《{{filename}}》处理失败，没有入账',
  'list-withdrawn': '名单《{{filename}}》的入账已撤回，其中的变动不再计入',
  'dispute-opened': '{{operator}}对名单《{{filename}}》第 {{row}} 行提出异议，等待裁定',
  'dispute-decided': '名单《{{filename}}》第 {{row}} 行的异议已有答复',
  'dispute-decided_upheld': '名单《{{filename}}》第 {{row}} 行的异议成立，该行已入账',
  'dispute-decided_denied': '名单《{{filename}}》第 {{row}} 行的异议未获支持',
} satisfies Record<NoticeKind, string> & Record<string, string>

/** What the values of a notice are called, where its mail lists them. */
export const noticeFieldsZh = {
  operator: '企业',
  filename: '名单',
  by: '经办',
  sender: '报送人',
  reason: '理由',
  total: '总行数',
  toRecord: '可入账',
  recorded: '已入账变动',
  warning: '有提醒',
  error: '有错误，未入账',
  failure: '原因',
  row: '行号',
  claim: '异议理由',
  answer: '答复',
}
