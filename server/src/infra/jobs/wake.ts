import type { Deps } from '../../deps.ts';

const CHANNEL = 'work:wake';

/** Tells workers everywhere that there is something to take. It only saves them the wait for their next look. */
export async function wakeWorkers({ redis }: Pick<Deps, 'redis'>, name: string): Promise<void> {
  await redis.publish(CHANNEL, name).catch(() => 0);
}

/** Hears the calls, on one connection for all workers of a process. */
export interface Wake {
  on(name: string, listener: () => void): void;
  close(): void;
}

export function listenForWake({ redis }: Pick<Deps, 'redis'>): Wake {
  const listeners = new Map<string, Set<() => void>>();
  const subscriber = redis.duplicate();
  // Redis away: the workers' own polls stand behind this.
  subscriber.on('error', () => undefined);
  subscriber.on('message', (_channel: string, name: string) => {
    for (const listener of listeners.get(name) ?? []) listener();
  });
  // A command that comes before the connection is refused, not queued; and whoever was away missed calls.
  subscriber.on('ready', () => {
    subscriber.subscribe(CHANNEL).catch(() => undefined);
    for (const some of listeners.values()) for (const listener of some) listener();
  });
  return {
    on(name, listener) {
      listeners.set(name, (listeners.get(name) ?? new Set()).add(listener));
    },
    close: () => subscriber.disconnect(),
  };
}
