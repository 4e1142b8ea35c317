import accounts from './accounts.zh-CN.ts';
import fields from './fields.zh-CN.ts';
import forms from './forms.zh-CN.ts';
import migrations from './migrations.zh-CN.ts';
import problems from './problems.zh-CN.ts';
import workbooks from './workbooks.zh-CN.ts';
import type { Messages } from './index.ts';

const messages: Messages = {
  locale: 'zh-CN',
  issues: { ...fields, ...forms, ...accounts, ...migrations },
  problems,
  reasons: workbooks,
};
export default messages;
