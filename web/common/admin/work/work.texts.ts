import { defineTexts } from '../text/texts.ts';

/** Words about work that a worker does while people wait or leave. */
export const t = defineTexts({
  rows: ['{n} 行', '{n} rows'],
  rowsOf: ['{n} / {total} 行', '{n} of {total} rows'],
  rowsOfAbout: ['{n} / 约 {total} 行', '{n} of about {total} rows'],
  records: ['{n} 条记录', '{n} records'],
  recordsOf: ['{n} / {total} 条记录', '{n} of {total} records'],
  rate: ['每秒 {n} 行', '{n} rows/s'],
  left: ['大约还要 {time}', 'about {time} left'],
  percent: ['{n}%', '{n}%'],
  announce: ['{label}，已完成 {n}%', '{label}, {n}% done'],
  lost: [
    '暂时收不到最新进度，正在重新连接。任务不受影响。',
    'The latest progress cannot be reached; trying again. The work itself goes on.',
  ],
  step: ['第 {n} 步，共 {total} 步', 'Step {n} of {total}'],
  stepDone: ['已完成', 'done'],
});
