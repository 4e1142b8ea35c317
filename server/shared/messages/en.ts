import accounts from './accounts.en.ts';
import fields from './fields.en.ts';
import forms from './forms.en.ts';
import migrations from './migrations.en.ts';
import problems from './problems.en.ts';
import workbooks from './workbooks.en.ts';
import type { Messages } from './index.ts';

const messages: Messages = {
  locale: 'en',
  issues: { ...fields, ...forms, ...accounts, ...migrations },
  problems,
  reasons: workbooks,
};
export default messages;
