import { computed, onMounted, shallowReactive } from 'vue';
import { can } from '../../common/admin/session.ts';
import { useLoad } from '../../common/admin/state/useLoad.ts';
import { useEvents } from '../../common/admin/work/useEvents.ts';
import { sources } from './sources.ts';
import type { Task, TaskSource } from './tasks.ts';

const byTime = (a: Task, b: Task) => b.at.localeCompare(a.at);

/** The running tasks of every kind that the account may see, live, and the last that ended. */
export function useTasks() {
  const mine = sources.filter((source) => can(source.permission));
  const running = shallowReactive(new Map<string, Task[]>());
  const ended = useLoad(async () => {
    const lists = await Promise.all(mine.map(async (source) => source.tasks(await source.recent())));
    return lists.flat().sort(byTime).slice(0, 5);
  });
  onMounted(() => ended.load());

  function take(source: TaskSource, answer: unknown): void {
    const before = running.get(source.key) ?? [];
    const now = source.tasks(answer);
    running.set(source.key, now);
    // What is gone has ended.
    if (before.some((task) => !now.some((one) => one.id === task.id))) void ended.load(true);
  }
  const followed = mine.map((source) =>
    useEvents<unknown>({ url: () => source.events, ask: source.active, take: (answer) => take(source, answer) }),
  );
  const active = computed(() => (running.size ? [...running.values()].flat().sort(byTime) : null));
  return { sources: mine, active, ended, lost: computed(() => followed.some((one) => one.lost.value)) };
}
