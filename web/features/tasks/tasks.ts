import type { Permission } from '../../../server/shared/permissions.ts';
import type { IconName } from '../../common/admin/icons.ts';
import type { Progress } from '../../common/admin/work/progress.ts';

/** One long work as the task centre shows it. */
export interface Task {
  id: string;
  /** Its page. */
  to: string;
  icon: IconName;
  title: string;
  /** Its state in words. */
  state: string;
  tone: 'success' | 'warn' | 'danger' | 'primary' | undefined;
  /** A worker is at it; else it waits for a person, or has ended. */
  moving: boolean;
  ended: boolean;
  progress: Progress;
  by: string;
  /** When it ended or was begun. */
  at: string;
}

/** A kind of long work: where its running and its last ones are to be had. `A` is what the API answers and streams. */
export interface TaskSource<A = unknown> {
  key: string;
  permission: Permission;
  /** The place with all of them. */
  all: { to: string; label: () => string };
  /** Server-sent events with the running ones. */
  events: string;
  active(): Promise<A>;
  recent(): Promise<A>;
  tasks(answer: A): Task[];
}
