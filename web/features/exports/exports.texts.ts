import { defineTexts } from '../../common/admin/text/texts.ts';

export const t = defineTexts({
  export: ['导出', 'Export'],
  title: ['导出 Excel', 'Export to Excel'],
  lead: [
    '导出当前条件下的全部记录，不只是这一页。证件号、手机号和住址默认隐藏。',
    'Exports everything that matches the current filters, not just this page. Document, phone and address are masked by default.',
  ],
  columns: ['要导出的列', 'Columns'],
  reason: ['导出原因', 'Reason'],
  reasonHint: ['会和您的账号一起记入审计日志', 'Recorded in the audit log with your account'],
  clear: ['导出完整的证件号、手机号和住址', 'Export documents, phones and addresses in full'],
  start: ['开始导出', 'Export'],
  started: ['开始下载', 'The download has started'],
  working: ['正在生成，已接收 {size}', 'Writing; {size} received'],
});
