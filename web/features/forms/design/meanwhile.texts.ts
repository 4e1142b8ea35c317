import { defineTexts } from '../../../common/admin/text/texts.ts';

/** When two people design one form at once. */
export const m = defineTexts({
  title: ['别人也修改了这份表单', 'Somebody else changed this form too'],
  news: ['{name} 在 {time} 保存了新的修改', '{name} saved changes at {time}'],
  look: ['查看', 'Look'],
  takeTheirs: ['使用对方的内容', 'Use theirs'],
  keepMine: ['使用我的内容', 'Use mine'],
  merge: ['合并两人的修改', 'Put both together'],
  copy: ['下载我的内容', 'Download mine'],
  noClash: [
    '两人改的地方不同，可以直接合并。合并后还要保存。',
    'You changed different things: both can be kept. Save afterwards.',
  ],
  clashes: [
    '有 {n} 处两人都改了。合并后保留您的写法，其余都保留。',
    '{n} things were changed by both. Yours stay, and everything else of both.',
  ],
  cannotMerge: [
    '两份内容有重复的键名，无法自动合并。请选择保留哪一份，另一份可以先下载。',
    'Keys are doubled, so the two can’t be merged. Choose one; you can download yours first.',
  ],
});
