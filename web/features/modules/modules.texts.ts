import type { Text } from '../../../server/shared/fields/types.ts';
import type { ModuleIcon } from '../../../server/shared/home-page.ts';
import { defineTexts } from '../../common/admin/text/texts.ts';

export const t = defineTexts({
  title: ['小程序首页', 'Mini-program home page'],
  lead: [
    '保存后立即生效，不需要发布新版小程序。',
    'Counts as soon as it is saved; no new release of the mini-program is needed.',
  ],
  maintenance: ['维护公告', 'Maintenance'],
  maintenanceHint: [
    '开启后，小程序显示公告，不再打开页面。浏览器中的页面不受影响。',
    'While it is on, the mini-program shows the notice and opens no page. Pages in browsers are not affected.',
  ],
  underMaintenance: ['正在维护', 'Under maintenance'],
  noticeTitle: ['公告标题', 'Title of the notice'],
  noticeText: ['公告内容', 'Text of the notice'],
  until: ['预计恢复时间', 'Expected end'],
  untilHint: ['北京时间；不填表示未定', 'Beijing time; left out: not known'],
  modules: ['功能入口', 'Modules'],
  add: ['添加入口', 'Add a module'],
  editModule: ['编辑入口', 'Edit module'],
  up: ['上移“{name}”', 'Move “{name}” up'],
  editOne: ['编辑“{name}”', 'Edit “{name}”'],
  open: ['已开放', 'Open'],
  notOpen: ['未开放', 'Not open'],
  isOpen: ['开放', 'Open'],
  name: ['名称', 'Name'],
  text: ['说明', 'Description'],
  notOpenText: ['未开放时的提示', 'What to say while it is not open'],
  key: ['键名', 'Key'],
  keyHint: ['小写字母开头，只含字母和数字', 'Begins with a small letter; letters and digits only'],
  path: ['页面路径', 'Path of the page'],
  pathHint: ['例如 /register/ 或 /register/#/submissions', 'For example /register/ or /register/#/submissions'],
  icon: ['图标', 'Icon'],
  remove: ['删除入口', 'Remove'],
  done: ['完成', 'Done'],
  versions: ['版本', 'Versions'],
  minShell: ['最低小程序版本', 'Oldest mini-program'],
  minShellHint: ['低于此版本会要求更新', 'Older ones ask to be updated'],
  privacy: ['隐私说明版本', 'Version of the privacy notice'],
  privacyHint: ['修改后，小程序会请用户重新同意', 'A new one makes the mini-program ask for consent again'],
  chinese: ['{label}（中文）', '{label} (Chinese)'],
  english: ['{label}（英文）', '{label} (English)'],
  saved: ['首页已更新', 'Home page updated'],
});

export const ICON_LABELS: Record<ModuleIcon, Text> = {
  form: { 'zh-CN': '表单', en: 'Form' },
  list: { 'zh-CN': '列表', en: 'List' },
  calendar: { 'zh-CN': '日历', en: 'Calendar' },
  pass: { 'zh-CN': '通行码', en: 'Pass' },
  health: { 'zh-CN': '健康', en: 'Health' },
  travel: { 'zh-CN': '出行', en: 'Travel' },
  notice: { 'zh-CN': '通知', en: 'Notice' },
  help: { 'zh-CN': '帮助', en: 'Help' },
};
