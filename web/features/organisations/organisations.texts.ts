import { defineTexts } from '../../common/admin/text/texts.ts';

export const t = defineTexts({
  title: ['机构', 'Organisations'],
  lead: ['上级机构的账号可以看到下级机构的记录。', 'Accounts of an organisation see the records of those below it.'],
  name: ['名称', 'Name'],
  parent: ['上级机构', 'Parent'],
  top: ['最上级', 'Top level'],
  region: ['所在地区', 'Region'],
  regionHint: ['不选则与上级机构相同', 'Left out: that of the parent'],
  newOne: ['新建机构', 'New organisation'],
  addBelow: ['添加下级', 'Add below'],
  rename: ['改名', 'Rename'],
  created: ['机构已创建', 'Organisation created'],
  renamed: ['已改名', 'Renamed'],
  emptyText: ['先建立最上级机构，再逐级添加。', 'Begin with the top one, then add those below.'],
  below: ['{name} 的下级', 'Below {name}'],
});
