/**
 * Many processes run one job's ticks while they are stopped, killed, and lose their Redis; then it is counted what
 * happened. For the proof and the bench.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { redisCommand, type startRedis } from '../../scripts/lib/databases.mjs';
import { newSchedule, scheduleModel } from '../src/infra/jobs/cron.model.ts';
import { makeDeps } from './deps.ts';

export interface TickingOptions {
  processes: number;
  ticks: number;
  /** Between two ticks, ms. */
  every: number;
  /** How long a run's worker may be silent before it is taken over, ms. */
  leaseMs: number;
}

/** What a process tells. `refused`: it wrote late, and that was refused. */
export interface Told {
  what: 'ready' | 'planning' | 'running' | 'refused';
  tick: number;
  fence?: number;
}

/** A trouble, once so many of the ticks are over (0 to 1). */
export interface Trouble {
  when: number;
  /**
   * `stop`: a process is stopped in the middle of a run or of planning, longer than its lease and its lock live, and goes
   * on later. `kill`: one is killed in the middle of a run, and another one begins.
   */
  what: 'stop running' | 'stop planning' | 'kill running' | 'flush Redis' | 'kill Redis';
}

export interface Ticking {
  ticks: number;
  /** Effects of ticks that have more than one, less the first; ticks without any. */
  tick_duplicates: number;
  tick_missing: number;
  /** Runs that somebody went on with after their worker fell silent. */
  taken_over: number;
  late_refused: number;
  /** Effects under a fence that was taken over. */
  late_kept: number;
  runs: number;
  seconds: number;
}

/** Longer than the planner's lock lives (5 s) and than any lease here. */
const STOP_MS = 7_000;
const REDIS_AWAY_MS = 2_000;
const BEFORE_MS = 1_000;
const PATIENCE_MS = 120_000;
const STILL_MS = 60_000;
const program = fileURLToPath(new URL('./ticking/process.ts', import.meta.url));

export async function runTicking(
  options: TickingOptions,
  troubles: readonly Trouble[],
  databases: {
    mongoUrl: string;
    redis: Awaited<ReturnType<typeof startRedis>>;
    log: string;
    say: (text: string) => void;
  },
): Promise<Ticking> {
  const { mongoUrl, redis, log, say } = databases;
  const { processes, ticks, every } = options;
  const env = { ...process.env, MONGO_URL: mongoUrl, REDIS_URL: redis.url };
  const test = await makeDeps({ databases: { mongoUrl, redisUrl: redis.url }, now: new Date().toISOString() });
  await test.deps.mongo.createCollection('effects');
  let begin = 0;
  const refused: { tick: number; fence: number }[] = [];
  const listeners = new Set<(child: ChildProcess, told: Told) => void>();
  const out = openSync(log, 'a');
  const running = new Set<ChildProcess>();
  const stopped = new Set<ChildProcess>();

  const start = () => {
    const child = fork(program, [JSON.stringify(options)], {
      env,
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', out, out, 'ipc'],
    });
    running.add(child);
    child.once('exit', () => running.delete(child));
    child.on('message', (told: Told) => {
      if (told.what === 'ready' && begin) child.send(begin);
      if (told.what === 'refused') refused.push({ tick: told.tick, fence: told.fence! });
      for (const listener of listeners) listener(child, told);
    });
  };
  /** The first process of which `wanted` is true when it tells something. */
  const first = (wanted: (child: ChildProcess, told: Told) => boolean) =>
    new Promise<ChildProcess>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('no process tells what was waited for')), PATIENCE_MS);
      const listener = (child: ChildProcess, told: Told) => {
        if (!wanted(child, told)) return;
        clearTimeout(late);
        listeners.delete(listener);
        resolve(child);
      };
      listeners.add(listener);
    });
  /** Strikes the first process that says it is there. */
  const strike = (what: 'running' | 'planning', how: NodeJS.Signals) =>
    first((child, told) => told.what === what && !stopped.has(child) && child.kill(how));

  const trouble = async ({ what }: Trouble): Promise<void> => {
    say(what);
    if (what === 'flush Redis') await redisCommand(redis.port, ['FLUSHALL']);
    else if (what === 'kill Redis') {
      await redis.kill();
      await sleep(REDIS_AWAY_MS);
      await redis.restart();
    } else if (what === 'kill running') {
      await strike('running', 'SIGKILL');
      start();
    } else {
      const child = await strike(what === 'stop running' ? 'running' : 'planning', 'SIGSTOP');
      stopped.add(child);
      await sleep(STOP_MS);
      child.kill('SIGCONT');
      stopped.delete(child);
    }
  };

  try {
    let ready = 0;
    const all = first((_child, { what }) => what === 'ready' && (ready += 1) === processes);
    for (let n = 0; n < processes; n += 1) start();
    await all;
    begin = Date.now() + BEFORE_MS;
    // A schedule begins when somebody first looks; on a busy machine that could be after the first tick.
    await scheduleModel(test.deps.mongo).create([{ _id: 'tick', ...newSchedule(new Date(begin)) }]);
    for (const child of running) child.send(begin);
    await Promise.all(
      troubles.map(async (one) => {
        await sleep(begin + one.when * ticks * every - Date.now());
        await trouble(one);
      }),
    );
    const done = () => test.deps.mongo.collection('cronRuns').countDocuments({ 'work.state': 'done', job: 'tick' });
    // What was held up is made up for; it is over when nothing more happens.
    let count = await done();
    for (let since = Date.now(); count < ticks && Date.now() - since < STILL_MS;) {
      await sleep(200);
      const now = await done();
      if (now > count) since = Date.now();
      count = now;
    }
    const seconds = (Date.now() - begin) / 1_000;
    // What somebody still wants to write late, is written now.
    await sleep(2 * options.leaseMs);
    return { ...(await countEffects(test, ticks, refused)), seconds };
  } finally {
    for (const child of stopped) child.kill('SIGCONT');
    const gone = [...running].map((child) => new Promise((resolve) => child.once('exit', resolve)));
    for (const child of running) child.kill('SIGKILL');
    await Promise.all(gone);
    await test.close();
  }
}

async function countEffects(
  { deps }: Awaited<ReturnType<typeof makeDeps>>,
  ticks: number,
  refused: { tick: number; fence: number }[],
): Promise<Omit<Ticking, 'seconds'>> {
  const effects = await deps.mongo.collection<{ tick: number; fence: number }>('effects').find().toArray();
  const runs = await deps.mongo.collection<{ work: { fence: number; attempts: number } }>('cronRuns').find().toArray();
  const seen = new Set(effects.map(({ tick }) => tick));
  const late = new Set(refused.map(({ tick, fence }) => `${tick} ${fence}`));
  return {
    ticks,
    tick_duplicates: effects.length - seen.size,
    tick_missing: Array.from({ length: ticks }, (_, n) => n + 1).filter((tick) => !seen.has(tick)).length,
    taken_over: runs.filter(({ work }) => work.attempts > 0).length,
    late_refused: late.size,
    late_kept: effects.filter(({ tick, fence }) => late.has(`${tick} ${fence}`)).length,
    runs: runs.length,
  };
}
