import { exportTasks } from '../exports/exports.tasks.ts';
import { importTasks } from '../imports/imports.tasks.ts';
import type { TaskSource } from './tasks.ts';

/** Every kind of long work; a new one is a line here. */
export const sources: readonly TaskSource[] = [importTasks, exportTasks];
