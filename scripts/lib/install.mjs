/** Node and the dependencies: checked, and installed when what lies in node_modules is not what the lock file says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from './fault.mjs';
import { logDir, root } from './paths.mjs';
import { runNpm } from './run.mjs';
import { step } from './terminal.mjs';

/** @throws Fault when this Node is too old for package.json's engines */
export function checkNode(version = process.versions.node, wanted = readJson('package.json').engines.node) {
  const least = /(\d+)\.(\d+)/.exec(wanted).slice(1).map(Number);
  const [major, minor] = version.split('.').map(Number);
  if (major > least[0] || (major === least[0] && minor >= least[1])) return;
  throw new Fault(
    `Node ${least.join('.')} or newer is needed and this is ${version}: install it from nodejs.org or with nvm.`,
  );
}

/** Installs the dependencies when they are missing or not those of the lock file. */
export async function ensureInstalled() {
  if (isInstalled()) return;
  await step('Installing dependencies', async () => {
    await runNpm('npm ci', ['ci', '--no-progress', '--loglevel=error'], { log: join(logDir, 'install.log') });
  });
}

/** True when node_modules holds every package of the lock file in its version; packages for other systems may be absent. */
export function isInstalled(folder = root) {
  const wanted = readJson('package-lock.json', folder)?.packages;
  const found = readJson('node_modules/.package-lock.json', folder)?.packages;
  if (!wanted || !found) return false;
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional || entry.devOptional || found[path]?.version === entry.version,
  );
}

function readJson(path, folder = root) {
  try {
    return JSON.parse(readFileSync(join(folder, path), 'utf8'));
  } catch {
    return undefined;
  }
}
