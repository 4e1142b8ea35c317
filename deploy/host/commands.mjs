import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { publish } from './assets.mjs';
import { parseJson, releaseId } from './args.mjs';
import { canarySet, canaryStart, canaryStop } from './canary.mjs';
import { asCommand } from './command.mjs';
import { facts } from './facts.mjs';
import { usage } from './fault.mjs';
import { readJson, writeFile } from './files.mjs';
import { figures } from './figures.mjs';
import { heal } from './heal.mjs';
import { change, noteAfter } from './journal.mjs';
import { logs } from './logs.mjs';
import { migrate } from './migrate.mjs';
import { readSettings } from './paths.mjs';
import { prune } from './prune.mjs';
import { receive } from './receive.mjs';
import { approval, record, records } from './records.mjs';
import { named } from './releases.mjs';
import { drain, drained, joinHost, start, stop, switchTo } from './service.mjs';
import { smoke } from './smoke.mjs';
import { waitSlb } from './wait-slb.mjs';
import { spawnWatchdog, watchdog } from './watchdog.mjs';

/** @typedef {import('./paths.mjs').Paths} Paths */
/** @typedef {ReturnType<typeof import('./args.mjs').readArgs>} Args */
/** What a command gets. @typedef {{ paths: Paths, args: Args, program: string }} Call */
/** @typedef {(call: Call) => Promise<object>} Command */

/**
 * A command that changes the host: alone, under its fence.
 * @param {(host: import('./service.mjs').Host, call: Call) => Promise<object>} work
 * @returns {Command}
 */
const changing = (work) => async (call) => {
  const { paths, args } = call;
  const fence = args.number('fence');
  const settings = readSettings(paths);
  return asCommand(paths, fence, args.words.join(' '), () => work({ paths, settings, fence }, call));
};

/** Before there are settings. @param {(fence: number, call: Call) => Promise<object>} work @returns {Command} */
const early = (work) => async (call) => {
  const fence = call.args.number('fence');
  return asCommand(call.paths, fence, call.args.words.join(' '), () => work(fence, call));
};

/** @type {Record<string, Command>} */
export const commands = {
  facts: async ({ paths, args }) => (args.done(), facts(paths)),

  'settings put': early(async (fence, { paths }) => {
    const settings = parseJson(await readAll(process.stdin), 'stdin');
    if (typeof settings?.host !== 'string' || typeof settings?.ports?.api !== 'number')
      throw usage('stdin holds no settings of a host');
    await change(paths, fence, null, () => writeFile(paths.settings, `${JSON.stringify(settings, null, 2)}\n`, 0o600));
    return {};
  }),
  'env put': early(async (fence, { paths }) => {
    const env = await readAll(process.stdin);
    await change(paths, fence, null, () => {
      writeFile(paths.env, env, 0o600);
      chmodSync(paths.env, 0o600);
    });
    return {};
  }),

  receive: early(async (fence, { paths, args }) => {
    const id = args.release(1);
    const [sha256, bytes] = [args.text('sha256') ?? '', args.number('bytes', 0)];
    args.done();
    return {
      id,
      ...(await receive(paths, fence, id, sha256, { input: process.stdin, bytes, settings: readJson(paths.settings) })),
    };
  }),
  publish: early(async (fence, { paths, args }) => publish(paths, fence, args.release(1))),
  migrate: early(async (fence, { paths, args }) =>
    migrate(paths, fence, args.release(1), args.number('timeout', 3_600) * 1000),
  ),

  drain: changing(async (host, { args, paths, program }) => {
    const release = args.text('for');
    const hold = args.flag('hold');
    args.done();
    const answer = await drain(host, release === undefined ? null : releaseId(release), hold);
    if (!hold) spawnWatchdog(paths, program);
    return answer;
  }),
  'wait out': waiting('out', 'fall'),
  'wait in': waiting('in', 'rise'),
  'wait drained': changing(async (host, { args }) =>
    drained(host, args.number('deadline', host.settings.drain.deadlineS)),
  ),
  stop: changing(async (host, { args }) => stop(host, args.flag('force'))),
  switch: changing(async (host, { args }) => switchTo(host, args.release(1))),
  start: changing(async (host) => start(host)),
  smoke: changing(async (host, { args, paths }) => {
    const id = args.words[1] === undefined ? named(paths.current) : args.release(1);
    if (id === null) throw usage('there is no current release');
    try {
      const answer = await smoke(paths, host.settings, id, 'main');
      await noteAfter(paths, host.fence, ['started'], { phase: 'verified' });
      return answer;
    } catch (error) {
      if (error.code === 'smoke')
        await noteAfter(paths, host.fence, ['started', 'verified'], { failed: 'smoke', message: error.message });
      throw error;
    }
  }),
  join: changing(async (host) => joinHost(host)),
  heal: changing(async (host) => heal(host)),

  'canary start': changing(async (host, { args }) => canaryStart(host, args.release(2))),
  'canary set': changing(async (host, { args }) => canarySet(host, parseJson(args.words[2] ?? '', 'the canary'))),
  'canary stop': changing(async (host) => canaryStop(host)),
  'canary figures': async ({ paths, args }) => {
    const since = moment(args.text('since') ?? '');
    const log = join(readSettings(paths).logs, 'access.log');
    return { since: new Date(since * 1000).toISOString(), now: Date.now(), figures: figures(log, since) };
  },

  record: async ({ paths, args }) => record(paths, readJson(paths.settings), args.json('event')),
  approval: async ({ paths, args }) => approval(paths, readSettings(paths), args.release(1)),
  records: async ({ paths, args }) => {
    const release = args.text('release');
    return records(paths, readSettings(paths), args.number('limit', 20), release && releaseId(release));
  },
  prune: changing(async ({ paths, fence }, { args, program }) =>
    prune(paths, fence, args.number('keep'), args.number('assets-days', 14), program),
  ),
  logs: async ({ paths, args }) => {
    const release = args.text('release');
    const what = { lines: args.number('lines', 100), side: args.text('side') ?? 'main' };
    return { logs: logs(paths, readSettings(paths), { ...what, release: release && releaseId(release) }) };
  },

  watchdog: async ({ paths, args }) => watchdog(paths, args.flag('once')),
};

/** Seconds since 1970 of an ISO moment, or of a number of seconds or milliseconds. @param {string} text */
function moment(text) {
  const number = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Date.parse(text) / 1000;
  if (!Number.isFinite(number)) throw usage('--since wants a moment: ISO, or seconds or milliseconds since 1970');
  return number > 1e11 ? number / 1000 : number;
}

/** @param {'out' | 'in'} way @param {'fall' | 'rise'} threshold @returns {Command} */
function waiting(way, threshold) {
  return changing(async (host, { args }) => {
    const named = args.text('probers') ?? 'auto';
    const { check } = host.settings.slb;
    const answer = waitSlb(host, way, {
      probers: named === 'auto' ? null : named.split(',').filter(Boolean),
      times: args.number(threshold, check[threshold]),
      timeoutS: args.number('timeout', 60),
    });
    return answer;
  });
}
