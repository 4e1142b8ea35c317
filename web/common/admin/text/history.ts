import { defineTexts } from './texts.ts';

const t = defineTexts({
  created: ['新增', 'Added'],
  submitted: ['提交登记', 'Submitted'],
  edited: ['修改', 'Changed'],
  deleted: ['删除', 'Deleted'],
  restored: ['恢复', 'Restored'],
  withdrawn: ['撤回', 'Withdrawn'],
  imported: ['由 Excel 导入', 'Imported from Excel'],
  undone: ['撤销导入', 'Import undone'],
  merged: ['合并', 'Merged'],
  corrected: ['本人修改', 'Changed by the citizen'],
  accepted: ['审核通过', 'Accepted'],
  returned: ['退回修改', 'Returned'],
  rejected: ['审核未通过', 'Rejected'],
  mergedWith: ['并入重复人员', 'Took over a duplicate'],
  unmerged: ['撤销合并', 'Merge undone'],
  linked: ['关联账号', 'Linked to an account'],
  updated: ['更新', 'Updated'],
  registered: ['由登记建档', 'Registered by a record'],
  citizen: ['本人', 'The citizen'],
  staff: ['工作人员', 'Staff'],
  system: ['系统', 'The system'],
});

/** What was done, in words; the name itself for one that this page does not know. */
export const actionText = (action: string): string => t(action as 'created');

/** Who did it. */
export const byText = (by: { kind: 'citizen' | 'staff' | 'system'; name: string | null }): string =>
  by.name ?? t(by.kind);
