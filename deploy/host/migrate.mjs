import { appsOf, releaseEnv, scriptOf, secrets } from './env.mjs';
import { failed } from './fault.mjs';
import { exists, readJson, writeJson } from './files.mjs';
import { change } from './journal.mjs';
import { checkFence } from './lock.mjs';
import { logLine } from './log.mjs';
import { needRelease, nodeOf } from './releases.mjs';
import { run } from './run.mjs';
import { join } from 'node:path';

/**
 * Brings the databases to a release (expand only: the running one goes on working), with the release's own code and environment.
 * The server itself sees to it that two of these don't run at once.
 * @param {import('./paths.mjs').Paths} paths @param {number} fence @param {string} id @param {number} timeoutMs
 */
export async function migrate(paths, fence, id, timeoutMs) {
  const release = needRelease(paths, id);
  const apps = await appsOf(paths, id, 'main');
  const api = apps.find((app) => app.name === 'api') ?? apps[0];
  const script = scriptOf(paths, id, api);
  if (!exists(script)) throw failed('migrate', `${script} is missing`);
  checkFence(paths, fence);
  const { code, text, timedOut } = await run([nodeOf(paths, id), script], {
    cwd: paths.release(id),
    env: { ...releaseEnv(paths, id, 'main'), ...secrets(paths), ...api.env, ROLE: 'migrate', LOG_FILE: '' },
    timeoutMs,
    log: (part) => logLine(paths, id, part),
  });
  if (code !== 0)
    throw failed('migrate', `migrations of ${id} failed${timedOut ? ' (too slow)' : ''}: ${text.trim().slice(-800)}`);
  const applied = [
    ...text.matchAll(/"migration\.applied".*?"id":"([^"]+)"|"id":"([^"]+)".*?"migration\.applied"/g),
  ].map((match) => match[1] ?? match[2]);
  // An older release knows fewer of them, and none of them is undone.
  const file = join(paths.state, 'migrated.json');
  const before = readJson(file)?.migrations ?? [];
  await change(paths, fence, null, () =>
    writeJson(file, { release: id, migrations: [...new Set([...before, ...(release.migrations ?? [])])] }),
  );
  return { applied };
}
