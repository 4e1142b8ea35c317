/**
 * What the platform costs: one decorated, validated, authorised, logged route against a bare Koa route with the same
 * database work. The two servers run beside each other and are driven in turn; the measure is CPU time of the server per
 * request, which other load on the machine hardly moves. Last line: `{"bench":"http","figures":{"ratio":…}}`.
 */
import { execFileSync, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withDatabases } from './databases.ts';

const ROUNDS = Number(process.argv[2] ?? 12);
const REQUESTS = 4_000;
/** Connections kept busy: a wave. With few, each wake-up serves one request, and system calls weigh most on both sides. */
const CLIENTS = Number(process.argv[3] ?? 64);

interface Side {
  name: 'dengji' | 'bare';
  child: ChildProcess;
  port: number;
  path: string;
  headers: Record<string, string>;
  perRequest: number[];
}

// As production runs it: compiled by tsc. A loader that compiles on the fly wraps every function that a request makes.
const root = fileURLToPath(new URL('../..', import.meta.url));
execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', join(root, 'server/tsconfig.bench.json')], {
  stdio: 'inherit',
});

await withDatabases(async (env) => {
  const sides = [await startSide('dengji', env), await startSide('bare', env)];
  for (const side of sides) await drive(side, REQUESTS);
  for (let round = 0; round < ROUNDS; round++) {
    for (const side of round % 2 ? sides : sides.toReversed()) {
      const before = await cpu(side);
      await drive(side, REQUESTS);
      side.perRequest.push(((await cpu(side)) - before) / REQUESTS);
    }
  }
  const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
  const [dengji, bare] = sides.map((side) => median(side.perRequest)) as [number, number];
  console.table({ dengji: { 'µs CPU a request': Math.round(dengji) }, bare: { 'µs CPU a request': Math.round(bare) } });
  console.log(
    JSON.stringify({
      bench: 'http',
      figures: {
        ratio: Math.round((bare / dengji) * 1000) / 1000,
        dengji_us: Math.round(dengji),
        bare_us: Math.round(bare),
      },
    }),
  );
  for (const side of sides) side.child.kill('SIGTERM');
});

async function startSide(name: Side['name'], env: NodeJS.ProcessEnv): Promise<Side> {
  const child = fork(join(root, '.data/bench-build/server/bench/http/server.js'), [name], {
    env: { ...process.env, ...env },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [ready] = (await once(child, 'message')) as [Pick<Side, 'port' | 'path' | 'headers'>];
  return { name, child, ...ready, perRequest: [] };
}

/** CPU time of the server so far, µs. */
async function cpu({ child }: Side): Promise<number> {
  child.send('cpu');
  const [used] = (await once(child, 'message')) as [number];
  return used;
}

async function drive({ port, path, headers }: Side, requests: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  let left = requests;
  const one = () =>
    new Promise<void>((resolve, reject) => {
      request({ host: '127.0.0.1', port, path, headers, agent }, (res) => {
        if (res.statusCode !== 200) reject(new Error(`answered ${res.statusCode}`));
        res.resume().on('end', resolve);
      })
        .on('error', reject)
        .end();
    });
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      while (left-- > 0) await one();
    }),
  );
  agent.destroy();
}
