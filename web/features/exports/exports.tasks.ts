import type { Task, TaskSource } from '../tasks/tasks.ts';
import { listExports, PATH } from './exports.api.ts';
import { isMoving, isOpen, toneOf } from './states.ts';
import { t } from './exports.texts.ts';
import type { ExportView } from './exports.types.ts';

const taskOf = (one: ExportView): Task => ({
  id: one.id,
  to: `/exports/${one.id}`,
  icon: 'download',
  title: t(one.list),
  state: t(one.state),
  tone: toneOf(one.state),
  moving: isMoving(one.state),
  ended: !isOpen(one.state),
  progress: one.progress ?? { rows: 0, total: one.rows.expected, rowsPerSecond: 0, secondsLeft: null },
  by: one.requester.name,
  at: one.finishedAt ?? one.requestedAt,
});

const some = async (wanted: (state: ExportView['state']) => boolean) => {
  const { items } = await listExports({ limit: 50 }, undefined, true);
  return { items: items.filter(({ state }) => wanted(state)) };
};

/** One's own exports in the task centre. */
export const exportTasks: TaskSource<{ items: ExportView[] }> = {
  key: 'exports',
  permission: 'export.run',
  all: { to: '/exports', label: () => t('allExports') },
  events: `${PATH}/events`,
  active: () => some(isOpen),
  recent: () => some((state) => !isOpen(state)),
  tasks: ({ items }) => items.map(taskOf),
};
