import type { AccountCode } from '../account-codes.ts';

/** What is wrong with a new password, and what to do. For staff. */
const texts: Record<AccountCode, string> = {
  password_classes: '请至少使用 {min} 种字符：小写字母、大写字母、数字、其他符号',
  password_common: '这个密码太常见，很容易被猜到，请换一个',
  password_simple: '这个密码的规律太简单，请换一个更难猜的',
  password_name: '密码不能包含账号名',
  password_used: '这个密码最近用过，请换一个新的',
};
export default texts;
