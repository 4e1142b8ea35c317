import { defineTexts } from '../../common/admin/text/texts.ts';

export const t = defineTexts({
  save: ['保存为视图', 'Save as view'],
  saveTitle: ['保存视图', 'Save view'],
  saveHelp: [
    '会记下现在的筛选条件、显示的列和排序，以后一点就能打开。',
    'Keeps the filters, columns and order as they are now, one click away.',
  ],
  name: ['视图名称', 'Name of the view'],
  shared: ['所有能打开此列表的人都可使用', 'For everybody who may open this list'],
  saved: ['已保存视图“{name}”', 'View “{name}” saved'],
  replace: ['您已有同名视图，保存后会替换它。', 'You have a view of this name; it will be replaced.'],
  remove: ['删除视图', 'Delete view'],
  removeText: ['视图“{name}”会被删除，记录不受影响。', 'The view “{name}” is deleted; no record is.'],
  removed: ['已删除视图', 'View deleted'],
});
