import { defineTexts } from '../../common/admin/text/texts.ts';

export const t = defineTexts({
  title: ['登录', 'Log in'],
  lead: ['请用您的工作账号登录。', 'Use your staff account.'],
  name: ['账号', 'Account name'],
  password: ['密码', 'Password'],
  show: ['显示密码', 'Show password'],
  hide: ['隐藏密码', 'Hide password'],
  submit: ['登录', 'Log in'],
  ended: [
    '登录已过期，请重新登录，之后会回到刚才的页面。',
    'Your session has ended. Log in again to return to where you were.',
  ],
  nameMissing: ['请填写账号', 'Enter your account name'],
  passwordMissing: ['请填写密码', 'Enter your password'],
  help: ['忘记密码或账号被锁定，请联系系统管理员。', 'Forgot the password, or locked out? Ask your administrator.'],
  changeTitle: ['修改密码', 'Change password'],
  firstTitle: ['请先设置新密码', 'Set a new password first'],
  firstLead: [
    '这是初始密码，只能用来登录一次。设置新密码后即可开始工作。',
    'This is an initial password. Set your own before you start.',
  ],
  current: ['当前密码', 'Current password'],
  next: ['新密码', 'New password'],
  nextHint: [
    '至少 10 个字符，不要使用常见的密码或账号名。',
    'At least 10 characters; no common passwords, nor your account name.',
  ],
  again: ['再输入一次新密码', 'New password again'],
  differ: ['两次输入的新密码不一样', 'The two new passwords differ'],
  change: ['修改密码', 'Change password'],
  changed: ['密码已修改，其他设备上的登录已退出', 'Password changed; other devices were logged out'],
});
