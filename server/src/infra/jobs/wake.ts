import type { Deps } from '../../deps.ts';

const CHANNEL = 'work:wake';

/** Tells workers everywhere that there is something to take. It only saves them the wait for their next look. */
export async function wakeWorkers({ redis }: Pick<Deps, 'redis'>, name: string): Promise<void> {
  await redis.publish(CHANNEL, name).catch(() => 0);
}

/** Hears the calls on a connection of its own. */
export interface Wake {
  on(name: string, listener: () => void): void;
  close(): void;
}

export function listenForWake({ redis }: Pick<Deps, 'redis'>): Wake {
  const listeners = new Map<string, () => void>();
  const subscriber = redis.duplicate();
  // Redis away: the workers' own polls stand behind this.
  subscriber.on('error', () => undefined);
  subscriber.on('message', (_channel: string, name: string) => listeners.get(name)?.());
  subscriber.subscribe(CHANNEL).catch(() => undefined);
  return {
    on: (name, listener) => void listeners.set(name, listener),
    close: () => subscriber.disconnect(),
  };
}
