import { defineTexts } from '../../common/admin/text/texts.ts';

export const t = defineTexts({
  title: ['任务', 'Tasks'],
  running: ['任务，{n} 个进行中', 'Tasks, {n} running'],
  now: ['进行中', 'In progress'],
  before: ['最近结束', 'Recently ended'],
  noneNow: ['现在没有进行中的任务。', 'Nothing is running.'],
  noneBefore: ['还没有结束的任务。', 'Nothing has ended yet.'],
  hint: [
    '导入等较久的工作会在后台进行，可以随时离开，回来在这里查看。',
    'Imports and other long work go on in the background. Leave as you like, and find them here.',
  ],
});
