import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { openSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

/** Real API processes side by side, as two hosts would run them. */
export interface Apis {
  origins: string[];
  /** As a crash would. */
  kill(which: number): Promise<void>;
  restart(which: number): Promise<void>;
  stop(): Promise<void>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const FIRST_READY_MS = 60_000;

export async function startApis(
  count: number,
  options: { mongoUrl: string; redisUrl: string; outbox: string; log: string },
): Promise<Apis> {
  const key = () => randomBytes(32).toString('base64');
  const env = {
    ...process.env,
    ROLE: 'api',
    NODE_ENV: 'development',
    DATA_KEYS: JSON.stringify({ current: 'k1', keys: { k1: key() } }),
    INDEX_KEY: key(),
    HOST: '127.0.0.1',
    INTERNAL_PORT: '0',
    MONGO_URL: options.mongoUrl,
    REDIS_URL: options.redisUrl,
    SMS_DRIVER: 'outbox',
    SMS_OUTBOX: options.outbox,
    SMS_PER_PHONE_PER_DAY: '1000',
    SMS_PER_ADDRESS_PER_HOUR: '100000',
    LOG_LEVEL: 'warn',
  };
  const ports = await Promise.all(Array.from({ length: count }, freePort));
  const log = openSync(options.log, 'a');
  const running: ChildProcess[] = [];
  const start = (which: number) =>
    new Promise<void>((resolve, reject) => {
      const child = spawn(process.execPath, ['--import', 'tsx', 'server/src/main.ts'], {
        cwd: root,
        env: { ...env, PORT: String(ports[which]) },
        stdio: ['ignore', log, log, 'ipc'],
      });
      running[which] = child;
      const late = setTimeout(() => reject(new Error('an API process is not ready')), FIRST_READY_MS);
      child.once('message', () => {
        clearTimeout(late);
        resolve();
      });
      child.once('exit', (code) => {
        clearTimeout(late);
        reject(new Error(`an API process ended with ${code}`));
      });
    });
  const end = (which: number) =>
    new Promise<void>((resolve) => {
      const child = running[which];
      if (!child || child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once('exit', () => resolve());
      child.kill('SIGKILL');
    });
  await Promise.all(ports.map((_port, which) => start(which)));
  return {
    origins: ports.map((port) => `http://127.0.0.1:${port}`),
    kill: end,
    restart: start,
    stop: async () => void (await Promise.all(ports.map((_port, which) => end(which)))),
  };
}

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
