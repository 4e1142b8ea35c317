/** Builds what changed. The fingerprint of the sources lies beside the output, so an unchanged tree costs nothing. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock-file.mjs';
import { dataDir, logDir, root } from './paths.mjs';
import { runNpm } from './run.mjs';
import { step } from './terminal.mjs';

const common = ['package-lock.json', 'tsconfig.base.json'];

/** Each build: its npm script, its sources (files and folders), its output. */
const builds = [
  {
    label: 'Building the server',
    script: 'build:server',
    sources: [...common, 'server/src', 'server/shared', 'server/migrations', 'server/tsconfig.build.json'],
    output: 'server/dist',
    clean: true,
  },
  {
    label: 'Building the web pages',
    script: 'build:web',
    sources: [...common, 'web', 'server/shared'],
    output: 'web/dist',
    clean: false,
  },
];

/**
 * Builds the server and the web pages, each only if its sources changed since its last build here.
 * @returns {Promise<{ server: string, web: string }>} the fingerprints of what is built now
 */
export async function ensureBuilt() {
  return await withLock(join(dataDir, 'build.lock'), async () => {
    const results = await Promise.allSettled(builds.map(ensureOne));
    const failed = results.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
    const [server, web] = results.map((one) => one.value);
    return { server, web };
  });
}

async function ensureOne({ label, script, sources, output, clean }) {
  const marker = join(root, output, '.sources');
  const fingerprint = fingerprintOf(root, sources);
  if (read(marker) === fingerprint) return fingerprint;
  await step(label, async () => {
    if (clean) rmSync(join(root, output), { recursive: true, force: true });
    await runNpm(label, ['run', '--silent', script], { log: join(logDir, `${script.replace(':', '-')}.log`) });
    mkdirSync(join(root, output), { recursive: true });
    writeFileSync(marker, fingerprint);
  });
  return fingerprint;
}

/** SHA-256 over names and contents; generated and test files don't count. */
export function fingerprintOf(folder, sources) {
  const hash = createHash('sha256').update(process.version);
  for (const path of sources.flatMap((source) => filesOf(join(folder, source))).sort()) {
    hash.update(`\0${path.slice(folder.length)}\0`).update(readFileSync(path));
  }
  return hash.digest('hex');
}

function filesOf(path) {
  let entries;
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch {
    return read(path) === undefined ? [] : [path];
  }
  return entries.flatMap((entry) => {
    if (['node_modules', 'dist', 'test'].includes(entry.name) || entry.name.endsWith('.test.ts')) return [];
    const inner = join(path, entry.name);
    return entry.isDirectory() ? filesOf(inner) : [inner];
  });
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
