import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EnvironmentInput } from '../config/schema.ts';
import { RELEASES, someEnvironment } from './fake-fleet.ts';

/** A repository whose HEAD was built already as `RELEASES.fresh`: for tests of the road, not of the build. */
export function builtRepository() {
  const folder = mkdtempSync(join(tmpdir(), 'dengji-road-'));
  const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' }).trim();
  git('init', '-q');
  git('-c', 'user.name=t', '-c', 'user.email=t@example.org', 'commit', '-q', '--allow-empty', '-m', 'one');
  mkdirSync(join(folder, 'cache/artifacts'), { recursive: true });
  const file = join(folder, 'a.tar.gz');
  writeFileSync(file, '');
  const artifact = { file, sha256: 'f'.repeat(64), bytes: 1, release: { id: RELEASES.fresh } };
  writeFileSync(
    join(folder, `cache/artifacts/${git('rev-parse', 'HEAD')}-linux-x64-20.20.2.json`),
    JSON.stringify(artifact),
  );
  return {
    environment: (changes: Partial<EnvironmentInput> = {}) =>
      someEnvironment({ build: { node: '20.20.2', repository: folder, cache: join(folder, 'cache') }, ...changes }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
