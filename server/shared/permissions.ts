import type { Text } from './fields/types.ts';

/** What a role may hold. Names are `thing.action`; the label is what an administrator ticks. */
export const PERMISSIONS = {
  'form.read': { 'zh-CN': '查看表单', en: 'View forms' },
  'form.write': { 'zh-CN': '编辑表单', en: 'Edit forms' },
  'form.publish': { 'zh-CN': '发布表单', en: 'Publish forms' },
  'form.migrate': { 'zh-CN': '把登记记录迁移到新版本', en: 'Migrate records to new versions' },
  'record.settings': {
    'zh-CN': '设置记录的审核、排序和字段权限',
    en: 'Set review, sorting and field rights of records',
  },
  'submission.read': { 'zh-CN': '查看登记记录', en: 'View records' },
  'submission.write': { 'zh-CN': '新增和修改登记记录', en: 'Add and edit records' },
  'submission.review': { 'zh-CN': '审核登记记录', en: 'Review records' },
  'submission.delete': { 'zh-CN': '删除和恢复登记记录', en: 'Delete and restore records' },
  'person.read': { 'zh-CN': '查看人员', en: 'View people' },
  'person.write': { 'zh-CN': '新增和修改人员', en: 'Add and edit people' },
  'person.delete': { 'zh-CN': '删除和恢复人员', en: 'Delete and restore people' },
  'person.merge': { 'zh-CN': '合并重复人员', en: 'Merge duplicate people' },
  'personal.reveal': { 'zh-CN': '查看完整的个人敏感信息', en: 'Reveal personal details' },
  'import.run': { 'zh-CN': '导入 Excel', en: 'Import from Excel' },
  'export.run': { 'zh-CN': '导出 Excel', en: 'Export to Excel' },
  'export.approve': { 'zh-CN': '审批导出', en: 'Approve exports' },
  'account.read': { 'zh-CN': '查看账号', en: 'View accounts' },
  'account.write': { 'zh-CN': '管理账号', en: 'Manage accounts' },
  'role.read': { 'zh-CN': '查看角色', en: 'View roles' },
  'role.write': { 'zh-CN': '管理角色', en: 'Manage roles' },
  'organisation.read': { 'zh-CN': '查看机构', en: 'View organisations' },
  'organisation.write': { 'zh-CN': '管理机构', en: 'Manage organisations' },
  'module.write': { 'zh-CN': '管理小程序首页', en: 'Manage the home page of the mini-program' },
  'job.read': { 'zh-CN': '查看后台任务', en: 'View background jobs' },
  'job.manage': { 'zh-CN': '管理后台任务', en: 'Manage background jobs' },
  'release.read': { 'zh-CN': '查看发布记录', en: 'View releases' },
  'release.approve': { 'zh-CN': '审批发布', en: 'Approve releases' },
  'audit.read': { 'zh-CN': '查看审计日志', en: 'View the audit log' },
} as const satisfies Record<string, Text>;

export type Permission = keyof typeof PERMISSIONS;

/** Every permission, in the order in which they are shown. */
export const PERMISSION_NAMES = Object.keys(PERMISSIONS) as Permission[];

/** Whether a text names a permission. */
export function isPermission(name: string): name is Permission {
  return Object.prototype.hasOwnProperty.call(PERMISSIONS, name);
}
