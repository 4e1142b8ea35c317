import { defineTexts } from '../../common/admin/text/texts.ts';

export const t = defineTexts({
  title: ['角色', 'Roles'],
  lead: [
    '角色是一组权限。给账号添加角色时，再限定地区和机构。',
    'A role is a set of permissions. Regions and organisations are chosen when an account gets it.',
  ],
  permission: ['权限', 'Permission'],
  builtIn: ['内置', 'built in'],
  newRole: ['新建角色', 'New role'],
  editRole: ['编辑角色', 'Edit role'],
  key: ['键名', 'Key'],
  keyHint: ['小写字母开头的英文名，以后不能改', 'Starts with a small letter; never changed later'],
  labelZh: ['中文名称', 'Name in Chinese'],
  labelEn: ['英文名称', 'Name in English'],
  permissions: ['权限', 'Permissions'],
  has: ['有', 'yes'],
  hasNot: ['无', 'no'],
  saved: ['已保存，持有这个角色的账号立即生效', 'Saved; it counts at once for everyone who holds it'],
  deleteText: [
    '角色“{name}”会被删除。仍有账号持有它时无法删除。',
    'The role “{name}” is deleted. That is refused while an account holds it.',
  ],
  deleted: ['角色已删除', 'Role deleted'],
  matrix: ['角色和权限对照表', 'Roles and their permissions'],
});
