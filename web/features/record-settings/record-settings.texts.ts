import { defineTexts } from '../../common/admin/text/texts.ts';

export const t = defineTexts({
  title: ['{name}：记录设置', '{name}: record settings'],
  people: ['人员', 'People'],
  reviewTitle: ['审核', 'Review'],
  review: ['提交后需要审核', 'Records are reviewed'],
  reviewHelp: [
    '打开后，新提交的记录进入“待审核”，可以通过、退回修改或不通过。',
    'New records wait under “To be reviewed” until they are accepted, returned or rejected.',
  ],
  editHours: ['提交后多少小时内本人可以修改', 'Hours in which the sender may change a record'],
  editHoursHelp: ['填 0 表示不能修改。已经审核过的不能再改。', '0: not at all. What is decided can’t be changed.'],
  sortTitle: ['排序', 'Sorting'],
  sortHelp: [
    '最多选 4 项，列表可以按它们排序。新选的项目要等后台准备好旧记录，一般十几分钟。',
    'Up to four fields that the list can be sorted by. For a new one old records are prepared first, a quarter of an hour as a rule.',
  ],
  sortN: ['排序项 {n}', 'Field {n}'],
  noSort: ['不使用', 'None'],
  preparing: ['正在准备：{labels}', 'Being prepared: {labels}'],
  rulesTitle: ['字段权限', 'Field rights'],
  rulesHelp: [
    '在列表、详情、查找、筛选、导出、导入错误表、审计和统计中都有效。一个人有多个角色时，以最宽的为准。敏感字段最多只显示遮盖后的内容。',
    'Held in lists, details, searches, filters, exports, error workbooks, audit and statistics. With several roles the widest counts. Sensitive fields are masked at best.',
  ],
  role: ['角色', 'Role'],
  otherRoles: ['其他角色（没有单独设置的）', 'Other roles (without rules of their own)'],
  free: ['默认', 'As usual'],
  freeOther: ['显示，可修改', 'Shown, may be changed'],
  showOnly: ['显示，不能修改', 'Shown, not changed'],
  maskWrite: ['遮盖，可修改', 'Masked, may be changed'],
  maskOnly: ['遮盖，不能修改', 'Masked, not changed'],
  hide: ['隐藏', 'Hidden'],
  sensitive: ['敏感', 'Sensitive'],
  ruleCount: ['{n} 条规则', '{n} rules'],
  saved: ['已保存，一秒内对所有人生效', 'Saved; counts for everybody within a second'],
  changedBy: ['{by} 于 {time} 修改', 'Changed by {by}, {time}'],
});
