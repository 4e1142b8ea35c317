import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { ask, askJson } from './http.mjs';
import { readJson } from './files.mjs';

/** @typedef {import('./paths.mjs').Paths} Paths */
/** @typedef {import('./paths.mjs').Settings} Settings */

/** Path of nginx's counters (stub_status) on the status port. */
const COUNTERS = '/status';
const SAMPLES = 3;
const BETWEEN_MS = 200;

/** How many API processes this host was last told to run; the settings of today may say another number. @param {Paths} paths */
export const runningFile = (paths) => join(paths.state, 'running.json');

/** Internal ports of the API processes. @param {Paths} paths @param {Settings} settings */
export function internalPorts(paths, settings) {
  const many = Math.max(settings.processes.api, readJson(runningFile(paths))?.api ?? 0);
  return Array.from({ length: many }, (_, at) => settings.ports.internal + at);
}

/**
 * Requests in flight in the processes behind some internal ports. A process that isn't there has none.
 * @param {Settings} settings @param {number[]} ports
 * @returns {Promise<number | null>} null: one could not be asked
 */
export async function inFlightOf(settings, ports) {
  const node = await Promise.all(
    ports.map(async (port) => {
      const where = { host: settings.loopback, port, path: '/health/in-flight', timeoutMs: 2_000 };
      const { json, error } = await askJson(where);
      return error === 'ECONNREFUSED' ? 0 : (json?.inFlight ?? null);
    }),
  );
  return node.includes(null) ? null : node.reduce((sum, one) => sum + one, 0);
}

/**
 * What is in flight on this host right now.
 * @param {Paths} paths @param {Settings} settings
 * @returns {Promise<{ node: number | null, nginx: { active: number, reading: number, writing: number, waiting: number } | null }>}
 *   null: could not be asked
 */
export async function inFlight(paths, settings) {
  const [node, nginx] = await Promise.all([inFlightOf(settings, internalPorts(paths, settings)), counters(settings)]);
  return { node, nginx };
}

/** @param {Settings} settings */
async function counters(settings) {
  try {
    const { body } = await ask({
      host: settings.loopback,
      port: settings.ports.status,
      path: COUNTERS,
      timeoutMs: 2_000,
    });
    const active = /Active connections:\s*(\d+)/.exec(body);
    const rest = /Reading:\s*(\d+)\s+Writing:\s*(\d+)\s+Waiting:\s*(\d+)/.exec(body);
    if (!active || !rest) return null;
    const [reading, writing, waiting] = rest.slice(1).map(Number);
    return { active: Number(active[1]), reading, writing, waiting };
  } catch {
    return null;
  }
}

/**
 * Whether a sample says that stopping cuts nobody. The counters' own request is one of `writing`.
 * @param {Awaited<ReturnType<typeof inFlight>>} sample
 * @param {boolean} idleToo idle keep-alive connections count as well: nobody else serves their next request, or nginx will reload
 */
export const isDrained = ({ node, nginx }, idleToo) =>
  node === 0 && nginx !== null && nginx.reading + nginx.writing - 1 <= 0 && (!idleToo || nginx.waiting === 0);

/**
 * Waits until several samples in a row say so; one alone may fall between two requests.
 * @param {Paths} paths @param {Settings} settings @param {boolean} idleToo @param {number} deadlineMs
 * @param {(sample: unknown) => void} report
 * @returns {Promise<{ drained: boolean, ms: number, sample: unknown }>}
 */
export async function waitDrained(paths, settings, idleToo, deadlineMs, report) {
  const begun = performance.now();
  for (let good = 0; ; await sleep(BETWEEN_MS)) {
    const sample = await inFlight(paths, settings);
    good = isDrained(sample, idleToo) ? good + 1 : 0;
    const ms = Math.round(performance.now() - begun);
    report({ ms, good, ...sample });
    if (good >= SAMPLES) return { drained: true, ms, sample };
    if (ms > deadlineMs) return { drained: false, ms, sample };
  }
}
