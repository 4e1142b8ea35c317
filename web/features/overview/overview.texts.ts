import { defineTexts } from '../../common/admin/text/texts.ts';

export const t = defineTexts({
  hello: ['{name}，您好', 'Welcome, {name}'],
  figures: ['概况', 'Figures'],
  today: ['今天的登记', 'Records today'],
  submissions: ['登记记录', 'Records'],
  people: ['人员', 'People'],
  openForms: ['开放的表单', 'Open forms'],
  claimed: ['身份待核实', 'To be verified'],
  week: ['最近 7 天每天有多少登记', 'Records on each of the last 7 days'],
  day: ['日期', 'Day'],
  number: ['登记（条）', 'Records'],
  scopeNote: [
    '只统计您的账号有权查看的地区和机构。',
    'Only the regions and organisations your account may see are counted.',
  ],
  next: ['现在要做什么', 'What would you like to do'],
  find: ['查找人员', 'Find a person'],
  findText: ['按姓名、手机号或证件号', 'By name, phone or ID number'],
  register: ['代为登记', 'Register for someone'],
  registerText: ['替到场的人填写登记表', 'Fill in a form for a visitor'],
  import: ['导入 Excel', 'Import from Excel'],
  importText: ['一次登记很多人', 'Register many people at once'],
  forms: ['管理表单', 'Manage forms'],
  formsText: ['修改内容、发布新版本、下载模板', 'Edit, publish, download templates'],
});
