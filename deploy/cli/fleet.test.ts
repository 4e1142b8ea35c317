import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fakeFleet, RELEASES, someEnvironment } from '../test/fake-fleet.ts';
import { prune } from './fleet.ts';

let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'dengji-prune-'));
});
afterEach(() => rmSync(cache, { recursive: true }));

test('prune tells what every host removed, and keeps the artifacts of what one of them keeps', async () => {
  const folder = join(cache, 'artifacts');
  mkdirSync(folder);
  const ids = [...Object.values(RELEASES), '20260901-080000-eeeeeee', '20260902-080000-fffffff'];
  for (const id of ids) {
    const file = join(folder, `${id}.tar.gz`);
    writeFileSync(file, '');
    writeFileSync(join(folder, `${id}.json`), JSON.stringify({ file, release: { id } }));
  }
  const answers: Record<string, object> = {
    h1: {
      ok: true,
      releases: ['20260902-080000-fffffff'],
      kept: ['20260901-080000-eeeeeee'],
      assets: 4,
      programs: ['abc'],
    },
    h2: { ok: true, releases: [], kept: [RELEASES.old], assets: 0, programs: [] },
  };
  const loaded = someEnvironment({ build: { node: '20.20.2', cache }, keep: { releases: 2, assetsDays: 14 } });
  const fleet = fakeFleet(({ name }, [command]) => (command === 'prune' ? { ...answers[name] } : undefined), loaded);
  await prune.run(fleet.context, { flags: {}, words: [] });

  expect(fleet.road()).toEqual(['h1 prune', 'h2 prune']);
  const said = fleet.said.join('');
  expect(said).toMatch(/h1 +removed: 20260902-080000-fffffff; 4 assets; 1 host programs/);
  expect(said).toMatch(/h2 +removed: no release; 0 assets; 0 host programs/);
  expect(said).toMatch(/here +removed: /);
  const newest = ids.toSorted().slice(-2);
  const stay = [...new Set([...newest, '20260901-080000-eeeeeee', RELEASES.old])].toSorted();
  expect(readdirSync(folder).filter((name) => name.endsWith('.tar.gz'))).toEqual(stay.map((id) => `${id}.tar.gz`));
});
