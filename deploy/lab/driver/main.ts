/** The load driver, a process of its own: `main.ts OPTIONS.json`, with a channel to who started it. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLong } from './long.ts';
import type { DriverOptions, FromDriver, ToDriver } from './protocol.ts';
import { createShort, type Speaker } from './short.ts';
import { createTally } from './tally.ts';
import { addressOf, keepingAgent, logIn, type User } from './users.ts';

const options = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as DriverOptions;
const tell = (message: FromDriver) => process.send?.(message);
/** Short requests under way at most: a fleet that answers nothing must not fill the driver's memory. */
const MOST = 400;
const TICK_MS = 20;
/** How long an idle client says nothing, ms. */
const SILENCE_MS = [4_000, 20_000] as const;

const users: User[] = [];
for (const [index, name] of options.accounts.entries()) users.push(await logIn(options, name, index));
const tally = createTally(options);
const short = createShort(options, tally);
const long = createLong(options, tally);
let stopping = false;
const running = new Set<Promise<void>>();
const track = (work: Promise<void>) => {
  running.add(work);
  void work.finally(() => running.delete(work));
  return work;
};

let next = 0;
const someone = (): User => users[next++ % users.length]!;
/** Every third request comes over a connection of its own. */
const speaker = (): Speaker => {
  const user = someone();
  return Math.random() < 1 / 3 ? { ...user, agent: null } : user;
};

const MIX: [number, (by: Speaker) => Promise<void>][] = [
  [0.2, (by) => short.page(by)],
  [0.5, (by) => short.asset(by)],
  [0.85, (by) => short.read(by)],
  [0.95, (by) => short.write(by, 'write')],
  [1, (by) => short.write(by, 'plainWrite')],
];

async function pace(): Promise<void> {
  let owed = 0;
  let under = 0;
  let before = performance.now();
  while (!stopping) {
    await sleep(TICK_MS);
    const now = performance.now();
    owed += ((now - before) / 1_000) * options.rate;
    before = now;
    for (; owed >= 1; owed -= 1) {
      if (under >= MOST) {
        tally.held();
        continue;
      }
      const dice = Math.random();
      const [, work] = MIX.find(([below]) => dice < below)!;
      under += 1;
      void track(work(speaker())).finally(() => (under -= 1));
    }
  }
}

/** One after the other, without end. */
async function steadily(work: () => Promise<void>): Promise<void> {
  while (!stopping) {
    const began = performance.now();
    await track(work());
    // What fails at once must not be tried a thousand times a second.
    if (performance.now() - began < 1_000) await sleep(1_000);
  }
}

/** Says something over its one connection, is silent for long, says something again. */
async function idleClient(index: number): Promise<void> {
  const address = addressOf(2_000 + index);
  const agent = keepingAgent(address, 1);
  const by: Speaker = { address, headers: users[index % users.length]!.headers, agent };
  await sleep(Math.random() * SILENCE_MS[0]);
  while (!stopping) {
    const work = Math.random() < 0.5 ? short.write(by, 'idleWrite') : short.read(by, 'idleRead');
    await track(work);
    const silence = SILENCE_MS[0] + Math.random() * (SILENCE_MS[1] - SILENCE_MS[0]);
    for (const end = performance.now() + silence; performance.now() < end && !stopping;) await sleep(100);
  }
  agent.destroy();
}

const { steady } = options;
const times = (count: number, work: () => Promise<void>) => Array.from({ length: count }, () => steadily(work));
const loops = [
  pace(),
  ...times(steady.slowWrite, () => short.write({ ...someone(), agent: null }, 'slowWrite', { pieces: 10, ms: 3_600 })),
  ...times(steady.upload, () => long.upload(someone())),
  ...times(steady.download, () => long.take(someone())),
  ...times(steady.events, () => long.events(someone())),
  ...Array.from({ length: options.idle }, (_none, index) => idleClient(index)),
];
process.on('message', (message: ToDriver) => {
  if (message === 'report') tell({ report: tally.report() });
  else void end();
});
process.on('disconnect', () => process.exit(0));
tell({ ready: true });

async function end(): Promise<void> {
  stopping = true;
  await Promise.all(loops);
  await Promise.all(running);
  await tally.close();
  tell({ final: tally.report() });
  process.disconnect();
}
