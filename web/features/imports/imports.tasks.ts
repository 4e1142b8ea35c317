import type { Task, TaskSource } from '../tasks/tasks.ts';
import { stateTone } from './counts.ts';
import { listImports, PATH } from './imports.api.ts';
import { t } from './imports.texts.ts';
import type { ImportSummary } from './imports.types.ts';
import { isEnded, isMoving } from './steps.ts';

const taskOf = (one: ImportSummary): Task => ({
  id: one.id,
  to: `/imports/${one.id}`,
  icon: 'upload',
  title: one.filename,
  state: t(one.state),
  tone: stateTone(one),
  moving: isMoving(one.state),
  ended: isEnded(one.state),
  progress: one.progress,
  by: one.createdBy,
  at: one.finishedAt ?? one.createdAt,
});

/** Imports in the task centre. */
export const importTasks: TaskSource<{ items: ImportSummary[] }> = {
  key: 'imports',
  permission: 'import.run',
  all: { to: '/imports', label: () => t('allImports') },
  events: `${PATH}/events`,
  active: () => listImports({ state: 'active', limit: 50 }, null, true),
  recent: () => listImports({ state: 'ended', limit: 5 }, null, true),
  tasks: ({ items }) => items.map(taskOf),
};
