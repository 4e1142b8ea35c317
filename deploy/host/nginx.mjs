import { createHash } from 'node:crypto';
import { renameSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { failed } from './fault.mjs';
import { exists, hashFolder, pointLink, readJson, readText, remove, writeJson } from './files.mjs';
import { askJson } from './http.mjs';
import { change } from './journal.mjs';
import { logLine } from './log.mjs';
import { nodeOf } from './releases.mjs';
import { run } from './run.mjs';

/** @typedef {import('./paths.mjs').Paths} Paths */
/** @typedef {import('./paths.mjs').Settings} Settings */

const RELOAD_MS = 15_000;

/** Which configuration nginx was last told to run. The link may be ahead of it, after a crash between the two. */
const runningFile = (/** @type {Paths} */ paths) => join(paths.state, 'nginx.json');

/** version.json names the release and is no part of the configuration: it alone needs no reload. @param {string} folder */
const hashOf = (folder) => hashFolder(folder, ['version.json']);

/**
 * Renders a release's nginx files with the settings of today. What was rendered with other settings stays where it is, because
 * nginx may be running it.
 * @param {Paths} paths @param {string} id
 * @returns {Promise<{ folder: string, hash: string } | null>} null for a release without nginx files
 */
export async function renderNginx(paths, id) {
  const release = paths.release(id);
  const script = join(release, 'nginx', 'render.mjs');
  if (!exists(script)) return null;
  const settings = createHash('sha256')
    .update(readText(paths.settings) ?? '')
    .digest('hex');
  const known = readJson(join(release, 'rendered', '.known.json'));
  // Rendered before with these settings, and nobody touched it: a host that is drained need not wait for it again.
  if (known?.settings === settings && exists(known.folder) && hashOf(known.folder) === known.hash)
    return { folder: known.folder, hash: known.hash };
  const fresh = join(release, 'rendered', `.new-${process.pid}`);
  remove(fresh);
  const { code, text } = await run([nodeOf(paths, id), script, paths.settings, fresh], { cwd: release });
  if (code !== 0 || !exists(fresh))
    throw failed('nginx_render', `nginx/render.mjs of ${id} failed: ${text.slice(-800)}`);
  const hash = hashOf(fresh);
  for (const name of ['nginx', `nginx-${hash.slice(0, 12)}`]) {
    const folder = join(release, 'rendered', name);
    if (!exists(folder)) renameSync(fresh, folder);
    else if (hashOf(folder) !== hash) continue;
    remove(fresh);
    writeJson(join(release, 'rendered', '.known.json'), { settings, folder, hash });
    return { folder, hash };
  }
  throw failed('nginx_render', `${release}/rendered holds files that nobody here wrote`);
}

/**
 * Asks nginx itself about a configuration that it does not run yet.
 * @param {Settings} settings @param {string} folder
 * @throws {import('./fault.mjs').Fault} nginx_test, with what nginx said
 */
export async function testNginx(settings, folder) {
  const conf = join(folder, 'nginx.conf');
  const argv = settings.commands.nginxTest;
  const whole = argv.some((word) => word.includes('{conf}'))
    ? argv.map((word) => word.replace('{conf}', conf))
    : [...argv, conf];
  const { code, text } = await run(whole);
  if (code !== 0) throw failed('nginx_test', `nginx refuses ${conf}: ${text.trim().slice(-800)}`);
}

/**
 * Whether going to this configuration needs a reload. nginx itself says which one it runs; of one that does not say it we know
 * only what it was told last.
 * @param {Paths} paths @param {Settings} settings @param {{ folder: string, hash: string }} rendered
 */
export async function needsReload(paths, settings, { folder, hash }) {
  const generation = generationOf(folder);
  if (!generation) return readJson(runningFile(paths))?.hash !== hash;
  const { body } = await askJson({ host: settings.loopback, port: settings.ports.status, path: '/generation' });
  return body !== generation;
}

/** @param {string} folder of a rendered configuration */
const generationOf = (folder) => /"(\w{16})"/.exec(readText(join(folder, 'generation.conf')) ?? '')?.[1];

/**
 * Points `nginx` to a tested configuration, and reloads when it differs from what runs. A reload resets idle connections, so
 * this belongs into the drained window.
 * @param {Paths} paths @param {Settings} settings @param {number} fence @param {string} id
 * @param {{ folder: string, hash: string }} rendered
 */
export async function useNginx(paths, settings, fence, id, rendered) {
  const { folder, hash } = rendered;
  await change(paths, fence, null, () => pointLink(paths.nginx, relative(paths.root, folder)));
  if (!(await needsReload(paths, settings, rendered))) return { reloaded: false };
  const { code, text } = await run(settings.commands.nginxReload);
  logLine(paths, id, `nginx reload: ${code} ${text}`);
  if (code !== 0) throw failed('nginx_reload', `nginx could not be reloaded: ${text.trim().slice(-500)}`);
  await untilRuns(settings, folder);
  await change(paths, fence, null, () => writeJson(runningFile(paths), { hash, at: new Date().toISOString() }));
  return { reloaded: true };
}

/**
 * A reload returns before it is done, and says nothing when nginx refuses it after a good test (a zone of another key, a port
 * taken by another): the generation that nginx names on its status port is the proof.
 * @param {Settings} settings @param {string} folder
 */
async function untilRuns({ loopback, ports }, folder) {
  const generation = generationOf(folder);
  const path = generation ? '/generation' : '/status';
  const end = performance.now() + RELOAD_MS;
  for (;;) {
    const { status, body } = await askJson({ host: loopback, port: ports.status, path, timeoutMs: 1_000 });
    if (status === 200 && (!generation || body === generation)) return;
    if (performance.now() > end)
      throw failed('nginx_reload', `nginx does not run ${folder}: its status port ${ports.status} answers ${status}`);
    await sleep(50);
  }
}
