import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { publish } from './assets.mjs';
import { inFlightOf } from './drained.mjs';
import { failed, usage } from './fault.mjs';
import { pointLink, remove, writeJson } from './files.mjs';
import { change } from './journal.mjs';
import { renderNginx } from './nginx.mjs';
import { processesOf, pm2Stop } from './pm2.mjs';
import { named, needRelease } from './releases.mjs';
import { allListen, startSide } from './service.mjs';
import { smoke } from './smoke.mjs';

/** @typedef {import('./service.mjs').Host} Host */

/**
 * Starts a release beside the one in service. Nobody gets to it yet: that is `canary set`.
 * @param {Host} host @param {string} id
 */
export async function canaryStart(host, id) {
  const { paths, settings, fence } = host;
  needRelease(paths, id);
  if (named(paths.current) === id) throw failed('is_current', `release ${id} is in service already`);
  const running = processesOf(paths, 'canary').filter((one) => !one.daemon);
  if (running.some((one) => one.release !== id)) await canaryStop(host);
  // Its pages name their assets: they must be reachable before anybody gets such a page.
  publish(paths, fence, id);
  // Where nginx finds the canary's version.json.
  await renderNginx(paths, id);
  await change(paths, fence, null, () => pointLink(paths.next, join('releases', id)));
  try {
    // Repeated because its answer was lost on the way: what runs is not started again under its citizens.
    if (running.length === 0 || !(await allListen(paths, settings, 'canary')))
      await startSide(paths, settings, id, 'canary');
    return { release: id, ...(await smoke(paths, settings, id, 'canary')) };
  } catch (error) {
    await canaryStop(host);
    throw error;
  }
}

/**
 * Says who is served by the canary: nginx reads it at every request, so nothing is reloaded.
 * @param {Host} host @param {any} state `{ release, percent, hosts: [addresses of hosts that run it], … }`
 */
export async function canarySet({ paths, fence }, state) {
  const good =
    typeof state?.release === 'string' &&
    typeof state.percent === 'number' &&
    state.percent >= 0 &&
    state.percent <= 100 &&
    Array.isArray(state.hosts);
  if (!good) throw usage('a canary is { release, percent: 0–100, hosts: [addresses] }');
  needRelease(paths, state.release);
  await change(paths, fence, null, () => {
    // Every host serves the canary's pages, also one that runs none of its processes.
    pointLink(paths.next, join('releases', state.release));
    writeJson(paths.canary, state);
  });
  return { canary: state };
}

/** Nobody was served for so long: the nginx of every other host has heard by then that there is no canary. */
const QUIET_MS = 2_000;

/**
 * Waits until the canary's processes have had nothing in flight for a while. Those of other hosts are led here until they are
 * told otherwise, and one that sends into a connection that is just being closed would lose a write.
 * @param {import('./paths.mjs').Settings} settings
 */
async function untilQuiet(settings) {
  const ports = Array.from({ length: settings.processes.api }, (_, at) => settings.ports.canaryInternal + at);
  const begun = performance.now();
  for (let busy = begun; ; await sleep(100)) {
    const now = performance.now();
    if ((await inFlightOf(settings, ports)) !== 0) busy = now;
    // At the deadline they end as any process does: the requests in flight first.
    if (now - busy >= QUIET_MS || now - begun > settings.drain.deadlineS * 1000) return;
  }
}

/**
 * Everybody is served by the release in service again, then the canary's processes end with their last requests. Safe to run
 * again, and where there is no canary.
 * @param {Host} host
 */
export async function canaryStop({ paths, settings, fence }) {
  await change(paths, fence, null, () => remove(paths.canary));
  if (processesOf(paths, 'canary').length > 0) await untilQuiet(settings);
  const done = await pm2Stop(paths, 'canary');
  await change(paths, fence, null, () => remove(paths.next));
  return done;
}
