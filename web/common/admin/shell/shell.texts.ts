import { defineTexts } from '../text/texts.ts';

export const t = defineTexts({
  skip: ['跳到主要内容', 'Skip to content'],
  mainNav: ['主导航', 'Main navigation'],
  collapse: ['收起导航', 'Collapse navigation'],
  expand: ['展开导航', 'Expand navigation'],
  account: ['账号', 'Account'],
  changePassword: ['修改密码', 'Change password'],
  logOut: ['退出登录', 'Log out'],
  logOutEverywhere: ['退出所有设备', 'Log out everywhere'],
  logOutEverywhereText: [
    '这个账号在所有设备上都会退出，包括现在这台。',
    'This account is logged out on every device, this one included.',
  ],
  appearance: ['外观', 'Appearance'],
  toDark: ['切换到深色', 'Switch to dark'],
  toLight: ['切换到浅色', 'Switch to light'],
  followDevice: ['外观跟随设备', 'Follow the device'],
  language: ['语言', 'Language'],
  otherLanguage: ['English', '中文'],
  confirmTitle: ['请再次确认身份', 'Confirm that it is you'],
  confirmText: ['这是一项重要操作，请重新输入您的登录密码。', 'This matters, so please enter your password once more.'],
  password: ['密码', 'Password'],
  confirm: ['确认', 'Confirm'],
  breadcrumb: ['当前位置', 'You are here'],
  updated: ['系统已更新，正在重新载入', 'The system was updated; reloading'],
  bootFailed: ['暂时连接不上服务器', 'The server cannot be reached'],
});
