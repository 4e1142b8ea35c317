import { join } from 'node:path';
import { failed } from './fault.mjs';
import { exists, readText } from './files.mjs';
import { ask, askJson } from './http.mjs';
import { apiAddress } from './paths.mjs';
import { processesOf } from './pm2.mjs';

/** @typedef {import('./paths.mjs').Paths} Paths */
/** @typedef {import('./paths.mjs').Settings} Settings */
/** @typedef {'main' | 'canary'} Side */

const PAGE = '/register/';
/** A public route that reads a form from the database. */
const PUBLIC_API = '/api/citizen/forms';
/** Requests to each process before a citizen meets it: compiled code, open connections, filled caches. */
const WARM_UP = 6;

/**
 * Asks the processes of a side what a citizen will ask, on loopback. `deep` false asks only whether they are there, ready, and
 * of the right release: that is all that an old release needs to go on serving when a shared database is down.
 * @param {Paths} paths @param {Settings} settings @param {string} id @param {Side} side @param {boolean} [deep]
 * @returns {Promise<{ ms: number, checks: Record<string, string> }>} `ok` or what is wrong, by name
 * @throws failed: smoke, with the checks
 */
export async function smoke(paths, settings, id, side, deep = true) {
  const begun = performance.now();
  const api = { host: apiAddress(settings), port: side === 'main' ? settings.ports.api : settings.ports.canaryApi };
  const internal = side === 'main' ? settings.ports.internal : settings.ports.canaryInternal;
  /** @type {[string, () => Promise<string>][]} */
  const checks = [
    ['ready', () => ready(api, id)],
    ['files', async () => files(paths, id, side)],
  ];
  if (deep) {
    for (let at = 0; at < settings.processes.api; at++)
      checks.push([`databases of api ${at}`, () => databases({ host: settings.loopback, port: internal + at }, id)]);
    if (side === 'main')
      checks.push(['worker', () => databases({ host: settings.loopback, port: settings.ports.worker }, id)]);
    checks.push(['api', () => publicApi(api, settings)]);
    if (side === 'main') checks.push(['page', () => page(paths, settings, id)]);
  }
  const results = await Promise.all(checks.map(async ([name, check]) => [name, await guarded(check)]));
  const answer = { ms: Math.round(performance.now() - begun), checks: Object.fromEntries(results) };
  const wrong = results.filter(([, result]) => result !== 'ok').map(([name, result]) => `${name}: ${result}`);
  if (wrong.length > 0) throw failed('smoke', `release ${id} failed its smoke test: ${wrong.join('; ')}`, answer);
  return answer;
}

/** @param {() => Promise<string>} check */
async function guarded(check) {
  try {
    return await check();
  } catch (error) {
    return String(error.code ?? error.message);
  }
}

/** @param {{ host: string, port: number }} at @param {string} id */
async function ready(at, id) {
  const { status, json, error } = await askJson({ ...at, path: '/health/ready' });
  if (status !== 200) return `answers ${error ?? status}`;
  return json?.build === id ? 'ok' : `build ${json?.build} answers, not ${id}`;
}

/** The code that runs is the release's: an environment can say anything, a process's folder can't. @param {Paths} paths @param {string} id @param {Side} side */
function files(paths, id, side) {
  const running = processesOf(paths, side).filter((one) => !one.daemon);
  if (running.length === 0) return 'no process';
  const strange = running.find((one) => one.release !== id);
  return strange ? `process ${strange.pid} runs in ${strange.release ?? 'another folder'}` : 'ok';
}

/** @param {{ host: string, port: number }} at @param {string} id */
async function databases(at, id) {
  const { status, json, error } = await askJson({ ...at, path: '/health/dependencies' });
  if (json?.build !== undefined && json.build !== id) return `build ${json.build} answers, not ${id}`;
  if (status === 200) return 'ok';
  const down = ['mongo', 'redis'].filter((name) => json?.[name]?.ok === false);
  return down.length > 0 ? `${down.join(' and ')} not reached` : `answers ${error ?? status}`;
}

/** @param {{ host: string, port: number }} at @param {Settings} settings */
async function publicApi(at, settings) {
  const headers = { host: new URL(settings.publicOrigin).host, 'x-forwarded-proto': 'https' };
  const answers = await Promise.all(
    Array.from({ length: WARM_UP * settings.processes.api }, () => askJson({ ...at, path: PUBLIC_API, headers })),
  );
  const bad = answers.find(({ status, json }) => status !== 200 || json === null);
  return bad ? `GET ${PUBLIC_API} answers ${bad.error ?? bad.status} ${bad.body.slice(0, 200)}` : 'ok';
}

/**
 * A page as nginx serves it on its status port, and one of the files that it loads.
 * @param {Paths} paths @param {Settings} settings @param {string} id
 */
async function page(paths, settings, id) {
  if (!exists(paths.nginx)) return 'no nginx configuration';
  const at = { host: settings.loopback, port: settings.ports.status };
  const { status, body } = await ask({ ...at, path: PAGE });
  if (status !== 200) return `GET ${PAGE} answers ${status}`;
  const own = readText(join(paths.release(id), 'web', 'dist', 'register', 'index.html'));
  if (own !== null && body !== own) return `GET ${PAGE} is not the page of ${id}`;
  const asset = /(?:src|href)="(\/assets\/[^"]+)"/.exec(body)?.[1];
  if (!asset) return `GET ${PAGE} names no asset`;
  const loaded = await ask({ ...at, path: asset });
  return loaded.status === 200 ? 'ok' : `GET ${asset} answers ${loaded.status}`;
}
