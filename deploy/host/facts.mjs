import { existsSync } from 'node:fs';
import { arch } from 'node:os';
import { join } from 'node:path';
import { runningCommand } from './command.mjs';
import { parseEnv } from './env.mjs';
import { exists, freeBytes, readJson, readText } from './files.mjs';
import { recentLines } from './health-log.mjs';
import { askJson } from './http.mjs';
import { readJournal } from './journal.mjs';
import { describe, readLock } from './lock.mjs';
import { testNginx } from './nginx.mjs';
import { apiAddress, drainFlag } from './paths.mjs';
import { processesOf } from './pm2.mjs';
import { alive } from './processes.mjs';
import { lastStatuses, silentS } from './probers.mjs';
import { healthLog } from './service.mjs';
import { pointers, readRelease, releaseIds } from './releases.mjs';
import { run } from './run.mjs';
import { drainedByHand, isLeft } from './watchdog.mjs';

/** @typedef {import('./paths.mjs').Paths} Paths */
/** @typedef {import('./paths.mjs').Settings} Settings */

/**
 * Everything that a plan, a check or a person wants to know of a host. Reads only; works on a host that was just set up.
 * @param {Paths} paths
 */
export async function facts(paths) {
  /** @type {Settings | null} */
  const settings = readJson(paths.settings);
  const names = pointers(paths);
  const journal = readJournal(paths);
  const running = { main: processesOf(paths, 'main'), canary: processesOf(paths, 'canary') };
  const [nginx, ports, ready] = await Promise.all([
    nginxFacts(paths, settings),
    settings ? portFacts(settings, running) : {},
    settings ? answer({ host: apiAddress(settings), port: settings.ports.api }) : null,
  ]);
  return {
    host: settings?.host ?? null,
    environment: settings?.environment ?? null,
    time: Date.now(),
    disk: { freeBytes: freeBytes(paths.root) },
    arch: `${process.platform}-${arch()}`,
    versions: { host: process.version, ...versions(paths, names.current) },
    nginx,
    ports,
    releases: releaseIds(paths).map((id) => releaseFacts(paths, id)),
    ...names,
    state: { ...journal, health: undefined },
    lock: describe(readLock(paths)),
    running: runningCommand(paths),
    draining: settings ? exists(drainFlag(settings)) : false,
    drainedByHand: settings ? drainedByHand(paths) : false,
    left: isLeft(paths),
    ready,
    probers: settings ? probers(settings) : {},
    processes: [...running.main.map(mark('main')), ...running.canary.map(mark('canary'))],
    canary: readJson(paths.canary),
    env: Object.keys(parseEnv(readText(paths.env) ?? '')).toSorted(),
    pending: pending(paths, names.current),
  };
}

const mark = (/** @type {string} */ side) => (/** @type {any} */ one) => ({ side, ...one });

/** @param {Settings} settings */
const probers = (settings) =>
  lastStatuses(settings, recentLines(healthLog(settings), Date.now() / 1000 - silentS(settings)));

/** @param {{ host: string, port: number }} at */
async function answer(at) {
  const { status, json, error } = await askJson({ ...at, path: '/health/ready', timeoutMs: 8_000 });
  return { status, build: json?.build ?? null, error };
}

/** @param {Paths} paths @param {string | null} current */
function versions(paths, current) {
  if (!current) return { node: null, pm2: null };
  const pm2 = readJson(join(paths.release(current), 'node_modules', 'pm2', 'package.json'));
  return { node: readRelease(paths, current)?.node ?? null, pm2: pm2?.version ?? null };
}

/** @param {Paths} paths @param {string} id */
function releaseFacts(paths, id) {
  const { commit, ref, builtAt, node, migrations, contracts } = readRelease(paths, id) ?? {};
  const { sha256, receivedAt } = readJson(join(paths.release(id), '.artifact.json')) ?? {};
  return {
    id,
    commit,
    ref,
    builtAt,
    node,
    migrations: migrations ?? [],
    contracts: contracts ?? [],
    sha256,
    receivedAt,
  };
}

/** @param {Paths} paths @param {Settings | null} settings */
async function nginxFacts(paths, settings) {
  const { code, text } = await run(['nginx', '-v'], { env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' } });
  const version = code === 0 ? (/nginx\/(\S+)/.exec(text)?.[1] ?? null) : null;
  if (!settings || !existsSync(join(paths.nginx, 'nginx.conf'))) return { version, test: null, running: null };
  const test = await testNginx(settings, paths.nginx).then(
    () => 'ok',
    (error) => error.message,
  );
  const status = await askJson({
    host: settings.loopback,
    port: settings.ports.status,
    path: '/status',
    timeoutMs: 2_000,
  });
  return { version, test, running: status.error === null };
}

/**
 * Who has our ports: nobody, us, or somebody else. @param {Settings} settings @param {{ main: unknown[], canary: unknown[] }} running
 */
async function portFacts(settings, running) {
  const { ports, loopback, address, processes } = settings;
  const api = apiAddress(settings);
  const sides = /** @type {const} */ ({ main: ['api', 'internal', 'worker'], canary: ['canaryApi', 'canaryInternal'] });
  /** @type {Record<string, string>} */
  const found = {};
  const nginx = alive(Number(readText(join(settings.runtime, 'nginx.pid'))));
  for (const [name, port] of Object.entries(ports)) {
    if (name === 'https' && settings.tls.at !== 'nginx') continue;
    const host = ['http', 'https'].includes(name) ? address : ['api', 'canaryApi'].includes(name) ? api : loopback;
    const count = name.toLowerCase().includes('internal') ? processes.api : 1;
    const answers = await Promise.all(
      Array.from({ length: count }, (_, at) =>
        askJson({ host, port: port + at, path: '/health/live', timeoutMs: 1_000 }),
      ),
    );
    const busy = answers.some(({ error }) => error !== 'ECONNREFUSED');
    const ours = sides.main.includes(name)
      ? running.main.length > 0
      : sides.canary.includes(name)
        ? running.canary.length > 0
        : nginx;
    found[name] = !busy ? 'free' : ours ? 'ours' : 'taken';
  }
  return found;
}

/** Migrations that a release on this host has and the current one has not. @param {Paths} paths @param {string | null} current */
function pending(paths, current) {
  const have = new Set([
    ...(readJson(join(paths.state, 'migrated.json'))?.migrations ?? []),
    ...((current && readRelease(paths, current)?.migrations) || []),
  ]);
  const all = new Set(releaseIds(paths).flatMap((id) => readRelease(paths, id)?.migrations ?? []));
  return [...all].filter((id) => !have.has(id)).toSorted();
}
