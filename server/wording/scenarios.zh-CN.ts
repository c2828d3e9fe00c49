/** What a scenario says, on pages and in mails. */
export const scenariosZh = {
  /** where a step is taken */
  wholeCity: '全市',
  companies: '{{names}}等 {{n}} 家企业',
  and: '、',
  /** one sentence a step; `total` in its unit */
  replaced: '{{where}}更新{{category}} {{amount}}，新能源占 {{newEnergy}}%',
  retired: '{{where}}淘汰{{category}} {{amount}}',
  added: '{{where}}新增{{category}} {{amount}}，新能源占 {{newEnergy}}%',
  'battery-swap': '{{where}}{{category}}更换动力电池 {{amount}}',
  oldPart: '退出车辆中老旧柴油车占 {{oldDiesel}}%',
  amountPeriod: '{{n}} {{unit}}',
  amountMonth: '每月 {{n}} {{unit}}，共 {{total}} {{unit}}',
  vehicles: '辆',
  packs: '块',
  othersNothing: '除上述措施外，不计其他变动',
  othersPace: '除上述措施外，其他变动按近 365 天的进度继续',
  noSteps: '没有另外的措施',
  comma: '，',
  warning: {
    'more-than-fleet': '超出在营车辆：当前只有 {{n}} 辆',
    'more-than-old': '超出在营的老旧柴油车：当前只有 {{n}} 辆',
  },
  reachedOn: '按均匀进度，预计 {{on}} 达标',
  shortCount: '还差 {{n}} {{unit}}',
  shortShare: '还须连续更新 {{n}} 辆新能源车',
  shortNever: '已无法补足',
}
