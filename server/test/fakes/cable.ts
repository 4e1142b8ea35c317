import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/** `pass`: bytes flow. `silent`: connections stand, nothing flows. `cut`: connections break, new ones are refused at once. */
export type CableState = 'pass' | 'silent' | 'cut';

/** A TCP cable to a real service that a test can pull or squeeze. */
export interface Cable {
  port: number;
  /** `url` with this cable's address in place of its own. */
  through(url: string): string;
  set(state: CableState): void;
  close(): Promise<void>;
}

export async function createCable(target: string): Promise<Cable> {
  const { hostname, port } = new URL(target.replace(/^\w+:/, 'http:'));
  const pairs = new Set<[Socket, Socket]>();
  let state: CableState = 'pass';

  const server = createServer((near) => {
    if (state === 'cut') return void near.destroy();
    const far = connect(Number(port), hostname);
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    const end = () => {
      near.destroy();
      far.destroy();
      pairs.delete(pair);
    };
    for (const [from, to] of [pair, [far, near] as const]) {
      from.on('data', (bytes) => void to.write(bytes));
      from.on('error', end);
      from.on('close', end);
      if (state === 'silent') from.pause();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own = (server.address() as AddressInfo).port;

  return {
    port: own,
    through: (url) => url.replace(`${hostname}:${port}`, `127.0.0.1:${own}`),
    set(next) {
      state = next;
      for (const pair of pairs) {
        for (const socket of pair) {
          if (next === 'cut') socket.destroy();
          else if (next === 'silent') socket.pause();
          else socket.resume();
        }
      }
    },
    async close() {
      for (const pair of pairs) for (const socket of pair) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
