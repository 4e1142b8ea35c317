import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inFlight, internalPorts, isDrained, runningFile, waitDrained } from './drained.mjs';
import { failed, timedOut } from './fault.mjs';
import { exists, pointLink, remove, writeJson } from './files.mjs';
import { positionOf } from './health-log.mjs';
import { askJson } from './http.mjs';
import { change, noteAfter, readJournal } from './journal.mjs';
import { logLine, progress } from './log.mjs';
import { needsReload, renderNginx, testNginx, useNginx } from './nginx.mjs';
import { apiAddress, drainFlag } from './paths.mjs';
import { pm2List, pm2Start, pm2Stop, processesOf } from './pm2.mjs';
import { named, needRelease, pointers } from './releases.mjs';

/** @typedef {import('./paths.mjs').Paths} Paths */
/** @typedef {import('./paths.mjs').Settings} Settings */
/** What every step gets. @typedef {{ paths: Paths, settings: Settings, fence: number }} Host */

/** Longest a release may take until all its processes listen (pm2's own listen_timeout is shorter). */
const START_MS = 120_000;
/** So often pm2 is asked how its processes are; asking costs half a second of a processor. */
const LOOK_MS = 5_000;
/** A process that was started so often again will not come. */
const RESTARTS = 3;

/** @param {Settings} settings */
export const healthLog = (settings) => join(settings.logs, 'health.log');

/** @param {Host} host @returns {boolean} */
export const isFlagged = ({ settings }) => exists(drainFlag(settings));

/** @param {Settings} settings */
export function raiseFlag(settings) {
  mkdirSync(settings.runtime, { recursive: true });
  writeFileSync(drainFlag(settings), '');
}

/**
 * Before a host is healed by stopping something: it must be out, and the flag may be gone (a reboot empties its folder, or
 * nobody drained it). Who is being served still gets the time that a drain has.
 * @param {Host} host
 */
export async function leaveService(host) {
  if (isFlagged(host)) return;
  const { paths, settings, fence } = host;
  await change(paths, fence, { health: positionOf(healthLog(settings)) }, () => raiseFlag(settings));
  if (processesOf(paths, 'main').length > 0)
    await waitDrained(paths, settings, false, settings.drain.deadlineS * 1000, () => {});
}

/**
 * Takes the host out: from now on nginx answers the load balancer 503. What has begun goes on.
 * @param {Host} host @param {string | null} release what for @param {boolean} hold nobody heals it
 */
export async function drain(host, release, hold) {
  const { paths, settings, fence } = host;
  if (release) needRelease(paths, release);
  const before = readJournal(paths);
  if (before.phase !== 'serving' && before.phase !== 'broken' && !before.hold && before.release !== release)
    throw failed('half_way', `this host is half-way to ${before.release} (${before.phase}): heal it first`, {
      phase: before.phase,
    });
  const { current, previous } = pointers(paths);
  const again = before.phase !== 'serving' && before.release === release;
  await change(
    paths,
    fence,
    {
      phase: 'draining',
      hold,
      release,
      failed: null,
      message: null,
      ...(again ? {} : { from: current, previous, switched: false }),
      ...(isFlagged(host) ? {} : { health: positionOf(healthLog(settings)) }),
    },
    () => raiseFlag(settings),
  );
  logLine(paths, release ?? 'host', `drained by fence ${fence}${hold ? ', held' : ''}`);
  return { from: current };
}

/**
 * Whether idle keep-alive connections must be gone as well: without peers nobody serves their next request, and a reload of
 * nginx would reset them.
 * @param {Host} host
 */
async function idleToo({ paths, settings }) {
  if (settings.peers.length === 0) return true;
  const { release } = readJournal(paths);
  const rendered = release ? await renderNginx(paths, release) : null;
  return rendered !== null && (await needsReload(paths, settings, rendered));
}

/** @param {Host} host @param {number} deadlineS @throws timed out (69): nothing was cut */
export async function drained(host, deadlineS) {
  needFlag(host);
  if (isBare(host)) return { ms: 0, idleToo: false };
  const idle = await idleToo(host);
  const { drained: empty, ms, sample } = await waitDrained(host.paths, host.settings, idle, deadlineS * 1000, progress);
  if (!empty) throw timedOut('not_drained', `requests are still in flight after ${deadlineS} s`, { sample });
  await noteAfter(host.paths, host.fence, ['draining', 'out'], { phase: 'drained' });
  return { ms, idleToo: idle };
}

/** Before its first release a host serves nobody, and has neither counters nor a log of probes. @param {Host} host */
export const isBare = ({ paths }) => named(paths.current) === null;

/** @param {Host} host */
function needFlag(host) {
  if (!isFlagged(host)) throw failed('not_out', 'the drain flag is not there: the host is in service');
}

/**
 * Stops all processes of the main side, gracefully. Refuses while anybody is served.
 * @param {Host} host @param {boolean} force don't look at what is in flight (heal: the processes may be broken)
 */
export async function stop(host, force) {
  const { paths, settings, fence } = host;
  needFlag(host);
  if (!force && !isBare(host)) {
    // Idle connections were looked at by `wait drained`; this is the last look at what would be cut. A request on a kept
    // connection may just come by, on its way to a peer: one moment without any is enough.
    let sample = await inFlight(paths, settings);
    for (let looks = 25; looks > 0 && !isDrained(sample, false); looks--) {
      await sleep(100);
      sample = await inFlight(paths, settings);
    }
    if (!isDrained(sample, false)) throw failed('not_drained', 'requests are in flight', { sample });
  }
  await change(paths, fence, { phase: 'stopping' });
  const done = await pm2Stop(paths, 'main');
  await change(paths, fence, { phase: 'stopped' });
  return done;
}

/**
 * Makes a release the current one: its nginx configuration is rendered and tested first, then the links are turned.
 * @param {Host} host @param {string} id
 */
export async function switchTo(host, id) {
  const { paths, settings, fence } = host;
  needFlag(host);
  needRelease(paths, id);
  const rendered = await renderNginx(paths, id);
  if (rendered) await testNginx(settings, rendered.folder);
  const { current } = pointers(paths);
  await change(paths, fence, { phase: 'switching', release: id, switched: true }, () => {
    if (current !== id) {
      if (current) pointLink(paths.previous, join('releases', current));
      pointLink(paths.current, join('releases', id));
    }
  });
  const nginx = rendered ? await useNginx(paths, settings, fence, id, rendered) : { reloaded: false };
  await change(paths, fence, { phase: 'switched' });
  return { from: current, ...nginx };
}

/**
 * Starts what `current` names and waits until every process listens.
 * @param {Host} host
 * @throws failed: not_started, with what pm2 says of the processes
 */
export async function start(host) {
  const { paths, settings, fence } = host;
  const id = named(paths.current);
  if (!id) throw failed('no_current', 'there is no current release');
  needRelease(paths, id);
  needFlag(host);
  const running = processesOf(paths, 'main');
  if (running.length > 0) {
    // Repeated because its answer was lost on the way: what it did is there. Anything else must go first, or pm2 keeps it.
    const all = running.every((one) => one.daemon || one.release === id);
    if (all && (await allListen(paths, settings, 'main'))) return { release: id, already: true };
    await pm2Stop(paths, 'main');
  }
  await change(paths, fence, { phase: 'starting' }, () =>
    writeJson(runningFile(paths), { release: id, api: settings.processes.api }),
  );
  try {
    await startSide(paths, settings, id, 'main');
  } catch (error) {
    await change(paths, fence, { failed: 'start', message: error.message });
    throw error;
  }
  await change(paths, fence, { phase: 'started' });
  return { release: id };
}

/**
 * pm2's own opinion does not count (it exits 0 for a release that dies at boot): the ports must answer.
 * @param {Paths} paths @param {Settings} settings @param {string} id @param {'main' | 'canary'} side
 */
export async function startSide(paths, settings, id, side) {
  const asking = new AbortController();
  let asked = false;
  const starting = pm2Start(paths, id, side, asking.signal).then(() => (asked = true));
  const begun = performance.now();
  const ports = portsOf(paths, settings, side);
  let looked = begun;
  for (; ; await sleep(50)) {
    const up = await Promise.all(ports.map(listens));
    if (asked && up.every(Boolean)) return;
    const now = performance.now();
    const look = now - looked > LOOK_MS;
    const processes = look ? await pm2List(paths, id, side) : [];
    if (look) looked = performance.now();
    // It dies again and again: waiting longer would only cost citizens a host.
    const hopeless = processes.some((one) => one.status === 'errored' || one.restarts >= RESTARTS);
    if (!hopeless && now - begun < START_MS) continue;
    asking.abort();
    await starting;
    const missing = ports.filter((_, at) => !up[at]).map(({ host, port }) => `${host}:${port}`);
    throw failed('not_started', `release ${id} does not listen on ${missing.join(', ')}`, { missing, processes });
  }
}

/** @param {Paths} paths @param {Settings} settings @param {'main' | 'canary'} side */
function portsOf(paths, settings, side) {
  const { ports, loopback, processes } = settings;
  const internal = side === 'main' ? internalPorts(paths, settings) : many(ports.canaryInternal, processes.api);
  return [
    ...internal.map((port) => ({ host: loopback, port, path: '/health/in-flight' })),
    ...(side === 'main' ? [{ host: loopback, port: ports.worker, path: '/health/in-flight' }] : []),
    { host: apiAddress(settings), port: side === 'main' ? ports.api : ports.canaryApi, path: '/health/ready' },
  ];
}

const many = (/** @type {number} */ from, /** @type {number} */ count) =>
  Array.from({ length: count }, (_, at) => from + at);

/** @param {Paths} paths @param {Settings} settings @param {'main' | 'canary'} side */
export async function allListen(paths, settings, side) {
  return (await Promise.all(portsOf(paths, settings, side).map(listens))).every(Boolean);
}

/** @param {{ host: string, port: number, path: string }} where */
const listens = async (where) => (await askJson({ ...where, timeoutMs: 2_000 })).status === 200;

/**
 * Puts the host back in service. The flag goes first and the journal after it: after a crash between the two the host is in
 * service and whoever looks finds it healthy.
 * @param {Host} host
 */
export async function joinHost(host) {
  const { paths, settings, fence } = host;
  const ready = await askJson({ host: apiAddress(settings), port: settings.ports.api, path: '/health/ready' });
  if (ready.status !== 200)
    throw failed('not_ready', `the API does not say that it is ready (${ready.error ?? ready.status})`);
  const health = positionOf(healthLog(settings));
  await change(paths, fence, { health }, () => remove(drainFlag(settings)));
  await change(paths, fence, { phase: 'serving', hold: false, switched: false, failed: null, message: null });
  logLine(paths, named(paths.current) ?? 'host', `in service with ${named(paths.current)}`);
  return { current: named(paths.current) };
}
