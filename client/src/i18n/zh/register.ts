/** Finding vehicles, the past, exports. */
export const registerZh = {
  picker: {
    placeholder: '输入车牌号或车架号的几位',
    hint: '输入车牌号或车架号中的两位以上',
    none: '台账里没有这样的车辆',
    asTyped: '按所填“{{text}}”录入',
    searching: '正在查找“{{text}}”…',
    unknown: '台账中没有',
    noOperator: '未填企业',
    remove: '移除 {{name}}',
  },
}
