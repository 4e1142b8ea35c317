import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { failed } from './fault.mjs';
import { exists, readJson } from './files.mjs';

/**
 * Where everything is on a host. `runtime` and `logs` come from settings.json, the rest hangs under the root.
 * @param {string} root
 */
export function hostPaths(root) {
  const at = (/** @type {string[]} */ ...names) => join(root, ...names);
  return {
    root,
    programs: at('host'),
    releases: at('releases'),
    release: (/** @type {string} */ id) => at('releases', id),
    current: at('current'),
    previous: at('previous'),
    next: at('next'),
    nginx: at('nginx'),
    assets: at('assets'),
    env: at('env', 'dengji.env'),
    settings: at('settings.json'),
    state: at('state'),
    lock: at('state', 'lock.json'),
    journal: at('state', 'host.json'),
    records: at('state', 'records.ndjson'),
    recordsSent: at('state', 'records.sent.json'),
    canary: at('state', 'canary.json'),
    mutexShort: at('state', '.short.json'),
    mutexCommand: at('state', '.command.json'),
    mutexWatchdog: at('state', '.watchdog.json'),
    log: (/** @type {string} */ name) => at('state', 'log', `${name}.log`),
    pm2: (/** @type {'main' | 'canary'} */ side) => at('pm2', side),
  };
}
/** @typedef {ReturnType<typeof hostPaths>} Paths */

/** Folders that commands write into; `setup` made them on a real host. @param {Paths} paths */
export function makeFolders(paths) {
  // A mistyped root must not become a host.
  if (!exists(paths.root)) throw failed('no_root', `${paths.root} is not there: was setup run on this host?`);
  for (const folder of [paths.releases, paths.assets, paths.state, join(paths.state, 'log'), join(paths.root, 'env')])
    mkdirSync(folder, { recursive: true });
  for (const side of /** @type {const} */ (['main', 'canary']))
    mkdirSync(paths.pm2(side), { recursive: true, mode: 0o700 });
}

/**
 * What this host knows of the environment. The operator's program made it from the validated configuration; only what this
 * program can't do without is looked at again here.
 * @typedef {object} Settings
 * @property {string} environment
 * @property {string} host
 * @property {string} runtime
 * @property {string} logs
 * @property {string} address
 * @property {string} loopback
 * @property {{ http: number, https: number, status: number, api: number, internal: number, worker: number, canaryApi: number, canaryInternal: number }} ports
 * @property {string} serverName
 * @property {string} publicOrigin
 * @property {{ at: 'slb' | 'nginx' }} tls
 * @property {boolean} proxyProtocol
 * @property {{ addresses: string[], check: { intervalS: number, fall: number, rise: number } }} slb
 * @property {{ name: string, address: string }[]} peers
 * @property {{ api: number, memoryMb: number }} processes
 * @property {{ key?: string }} canary
 * @property {{ seconds: number }} lease
 * @property {{ deadlineS: number }} drain
 * @property {{ nginxTest: string[], nginxReload: string[] }} commands
 */

/** @param {Paths} paths @returns {Settings} */
export function readSettings(paths) {
  const settings = readJson(paths.settings);
  if (!settings) throw failed('no_settings', `${paths.settings} is missing: run "settings put" first`);
  return settings;
}

/** The flag: while this file exists nginx answers the load balancer 503. @param {Settings} settings */
export const drainFlag = (settings) => join(settings.runtime, 'drain');

/** Where the API listens: citizens' peers must reach it when there are any. @param {Settings} settings */
export const apiAddress = (settings) => (settings.peers.length > 0 ? settings.address : settings.loopback);
