import { defineTexts } from '../common/admin/text/texts.ts';

/** Names of the places in both backends. */
export const t = defineTexts({
  business: ['登记业务后台', 'Registration desk'],
  system: ['登记系统管理', 'System administration'],
  toSystem: ['系统管理', 'System'],
  toBusiness: ['业务后台', 'Registration desk'],
  overview: ['首页', 'Home'],
  people: ['人员', 'People'],
  submissions: ['登记记录', 'Records'],
  forms: ['表单', 'Forms'],
  imports: ['导入', 'Import'],
  exports: ['导出', 'Export'],
  tasks: ['任务', 'Tasks'],
  review: ['核对', 'Review'],
  accounts: ['账号', 'Accounts'],
  roles: ['角色', 'Roles'],
  organisations: ['机构', 'Organisations'],
  modules: ['小程序首页', 'Mini-program'],
  audit: ['审计日志', 'Audit log'],
  jobs: ['后台任务', 'Background jobs'],
  releases: ['发布记录', 'Releases'],
  create: ['新建', 'New'],
  edit: ['编辑', 'Edit'],
  merge: ['合并', 'Merge'],
  print: ['打印', 'Print'],
  recordSettings: ['记录设置', 'Record settings'],
});
