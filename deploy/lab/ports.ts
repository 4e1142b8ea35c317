import { createServer } from 'node:net';

/** Ports of one lab. The hosts have addresses of their own, so they use the same numbers. */
export interface LabPorts {
  /** The SLB nodes: where clients come. */
  slb: [number, number];
  ssh: number;
  http: number;
  https: number;
  status: number;
  api: number;
  internal: number;
  worker: number;
  canaryApi: number;
  canaryInternal: number;
}

/** Ports a process may need beside the one it was given (one more for each process of a cluster). */
const BLOCK = 12;
/** Below the ports that the system gives to outgoing connections. */
const [LOWEST, HIGHEST] = [18_000, 30_000];
const NAMES = [
  'ssh',
  'http',
  'https',
  'status',
  'api',
  'internal',
  'worker',
  'canaryApi',
  'canaryInternal',
] as const satisfies readonly (keyof LabPorts)[];

/**
 * A run of ports that are free on every address of the lab, from a random place on.
 * @throws Error when there is none
 */
export async function pickPorts(addresses: readonly string[]): Promise<LabPorts> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const base = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST - BLOCK * (NAMES.length + 1)));
    const wanted = [base, base + 1, ...NAMES.map((_name, at) => base + BLOCK * (at + 1))];
    const free = await Promise.all(
      wanted.flatMap((port) => ['127.0.0.1', ...addresses].map((host) => isFree(host, port))),
    );
    if (!free.every(Boolean)) continue;
    const [first, second, ...rest] = wanted as [number, number, ...number[]];
    const named = Object.fromEntries(NAMES.map((name, at) => [name, rest[at]])) as Record<
      (typeof NAMES)[number],
      number
    >;
    return { slb: [first, second], ...named };
  }
  throw new Error('no free ports for a lab');
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
