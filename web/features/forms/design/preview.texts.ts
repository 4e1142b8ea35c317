import { defineTexts } from '../../../common/admin/text/texts.ts';

/** Words of the preview. */
export const p = defineTexts({
  phone: ['市民的手机', 'On a citizen’s phone'],
  desk: ['工作人员填写', 'Filled in by staff'],
  roles: ['各角色看到的', 'As each role sees it'],
  views: ['预览方式', 'What to preview'],
  elder: ['大字版', 'Large text'],
  restart: ['重新开始', 'Start again'],
  start: ['开始填写', 'Start'],
  done: ['填写完成，市民接着核对并提交', 'All filled in: next the citizen looks over it and sends it'],
  note: ['填写的内容不会保存，也不会提交。', 'Nothing that you type is kept or sent.'],
  role: ['角色', 'Role'],
  noRoles: ['您没有查看字段权限设置的权限', 'You have no permission to see the rights on fields'],
  field: ['字段', 'Field'],
  sees: ['看到的内容', 'What is seen'],
  writes: ['能否修改', 'May change it'],
  hidden: ['看不到', 'Hidden'],
  shown: ['（完整显示）', '(in full)'],
  masked: ['（遮盖显示）', '(masked)'],
  roleHint: [
    '先在手机预览里填一些内容，这里就会显示该角色看到的样子。',
    'Fill in something on the phone first; here is what this role sees of it.',
  ],
});
