/**
 * What pm2 runs of one release on one host. Not for development (`npm run dev`) and not for trying out (`npm start`).
 *
 * It reads the host's settings.json (DENGJI_SETTINGS; by default two folders above the release), the secrets in
 * `<root>/env/dengji.env`, and DENGJI_SIDE: `main`, or `canary` for a release that runs beside it. Every path is that of the
 * release itself, never that of the symlink that named it: with `current` in it pm2 would go on running the code from before.
 * The export must be named `apps`: pm2 finds neither a default export nor module.exports in a project of ES modules.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const release = fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, '');
const settings = readJson(process.env.DENGJI_SETTINGS || join(release, '../../settings.json'));
const side = process.env.DENGJI_SIDE || 'main';
if (side !== 'main' && side !== 'canary') throw new Error(`DENGJI_SIDE is ${side}: it must be main or canary`);

const { ports, peers, processes } = settings;
const canary = side === 'canary';
const ownNode = join(release, 'node/bin/node');

/** What both roles are told. What belongs to the machine is decided here and beats the file of secrets. */
const env = {
  ...readEnv(join(settings.root, 'env/dengji.env')),
  NODE_ENV: 'production',
  BUILD: readJson(join(release, 'release.json')).id,
  PUBLIC_ORIGIN: settings.publicOrigin,
  INTERNAL_HOST: settings.loopback,
  // Requests come through the nginx of this host or, while a peer is drained, through that of the peer.
  // (Where hosts share a machine, the kernel speaks to all of 127/8 from 127.0.0.1.)
  TRUSTED_PROXIES: [
    ...new Set(['127.0.0.1', settings.loopback, settings.address, ...peers.map((peer) => peer.address)]),
  ].join(','),
  // nginx serves the pages.
  WEB_ROOT: '',
};

const common = {
  script: join(release, 'server/dist/src/main.js'),
  cwd: release,
  interpreter: existsSync(ownNode) ? ownNode : process.execPath,
  // The process says when it serves; booting takes about a second, and a slow database some more.
  wait_ready: true,
  listen_timeout: 60_000,
  // Longer than the longest request (120 s), the drain (150 s) and the forced exit (160 s) of server/src/roles/stop.ts.
  kill_timeout: 170_000,
  // A process that can't start is tried again for ever, ever more slowly: a database may be away for longer than we count.
  exp_backoff_restart_delay: 200,
  max_restarts: 1_000_000,
  max_memory_restart: `${processes.memoryMb}M`,
  // No agent of pm2 inside our processes, and nothing is watched.
  pmx: false,
  autorestart: true,
  watch: false,
  merge_logs: true,
};

/**
 * Log files of an app. Its processes append to the first one themselves: in cluster mode pm2 collects only what goes through
 * `process.stdout`, at the price of a message for every line. The second one gets what a process says outside of its log.
 */
const logsOf = (name, log) => {
  const file = join(settings.logs, `${log}-console.log`);
  return { name, out_file: file, error_file: file };
};

/**
 * Each API process is an app of one instance: pm2 starts apps side by side, but the instances of one app one after the other.
 * They share the port all the same, since all of them are children of one pm2. The internal port is each one's own: what is
 * in flight is asked of every process.
 */
const apiName = canary ? 'canary-api' : 'api';
const firstInternal = canary ? ports.canaryInternal : ports.internal;
const apis = Array.from({ length: processes.api }, (_, at) => ({
  ...common,
  ...logsOf(`${apiName}-${at}`, apiName),
  exec_mode: 'cluster',
  instances: 1,
  env: {
    ...env,
    ROLE: 'api',
    LOG_FILE: join(settings.logs, `${apiName}.log`),
    HOST: peers.length > 0 ? settings.address : settings.loopback,
    PORT: String(canary ? ports.canaryApi : ports.api),
    INTERNAL_PORT: String(firstInternal + at),
  },
}));

/** Background work is done by the main side only: what a canary is to show is seen by citizens. */
const worker = {
  ...common,
  ...logsOf('worker', 'worker'),
  exec_mode: 'fork',
  instances: 1,
  env: {
    ...env,
    ROLE: 'worker',
    LOG_FILE: join(settings.logs, 'worker.log'),
    WORKER_PORT: String(ports.worker),
    // An import has several threads; each would get a heap of the C library's own and keep it.
    MALLOC_ARENA_MAX: '2',
    // glibc's own first value, but said: then it stays, and large buffers go back to the system. Else it grows to 64 MB.
    MALLOC_TRIM_THRESHOLD_: String(128 * 1024),
  },
};

export const apps = canary ? apis : [...apis, worker];

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** KEY=VALUE lines; a value is everything behind the sign, quotes around it are taken off. A line with # at its start is none. */
function readEnv(file) {
  const entries = readFileSync(file, 'utf8')
    .split(/\r?\n/)
    .map((line) => /^\s*([A-Z][A-Z0-9_]*)\s*=\s*(.*?)\s*$/.exec(line))
    .filter((found) => found !== null)
    .map(([, key, value]) => [key, value.replace(/^(['"])(.*)\1$/, '$2')]);
  return Object.fromEntries(entries);
}
