/**
 * Makes the nginx configuration of one host: `node nginx/render.mjs settings.json OUTDIR`. Dependency-free: it travels in
 * the artifact and runs on the host. The result does not depend on the release it was made in, except for version.json:
 * a host whose configuration stays the same needs no reload.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { judge, valuesOf } from './settings.mjs';
import { fill } from './template.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const brotliModule = '/usr/lib/nginx/modules/ngx_http_brotli_filter_module.so';

/** The files that nginx itself reads: when these are equal, nothing is to be reloaded. */
export const isNginxFile = (/** @type {string} */ name) => name !== 'version.json';

/**
 * The nginx configuration of a host. nginx is started with `-c OUTDIR/nginx.conf`.
 * @param {import('./settings.mjs').HostSettings} settings settings.json
 * @param {{ build?: string, asRoot?: boolean, brotli?: boolean }} [options] `build`: the release's id, for /version.json;
 *   `asRoot`: nginx is started by root and must become the user
 * @returns {Record<string, string>} text by file name
 * @throws {Error} naming every wrong field of the settings
 */
export function render(settings, options = {}) {
  judge(settings);
  const { asRoot = process.getuid?.() === 0, brotli = existsSync(brotliModule), build = 'development' } = options;
  const values = valuesOf(settings, { asRoot, brotli });
  /** @type {Record<string, string>} */
  const files = { 'version.json': `${JSON.stringify({ build })}\n` };
  for (const name of readdirSync(here)) {
    if (name.endsWith('.template'))
      files[name.slice(0, -'.template'.length)] = fill(readFileSync(join(here, name), 'utf8'), values);
  }
  files['canary.js'] = readFileSync(join(here, 'canary.js'), 'utf8');
  const generation = generationOf(files);
  files['generation.conf'] = `location = /generation {\n  default_type text/plain;\n  return 200 "${generation}";\n}\n`;
  return files;
}

/**
 * Names a configuration by its content. nginx says it at /generation of the status port, so that one can see whether a reload
 * was taken: the signal itself is answered by nobody.
 */
function generationOf(/** @type {Record<string, string>} */ files) {
  const hash = createHash('sha256');
  for (const name of Object.keys(files).filter(isNginxFile).toSorted()) hash.update(`${name}\0${files[name]}\0`);
  return hash.digest('hex').slice(0, 16);
}

/** The id of the release that this file is part of. */
function ownBuild() {
  try {
    return JSON.parse(readFileSync(join(here, '../release.json'), 'utf8')).id;
  } catch {
    return undefined;
  }
}

function main() {
  const [settingsFile, folder] = process.argv.slice(2);
  if (!settingsFile || !folder) {
    process.stderr.write('usage: node nginx/render.mjs settings.json OUTDIR\n');
    process.exit(64);
  }
  const files = render(JSON.parse(readFileSync(settingsFile, 'utf8')), { build: ownBuild() });
  mkdirSync(folder, { recursive: true });
  // They hold the key of the canary cookie.
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { mode: 0o600 });
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) main();
