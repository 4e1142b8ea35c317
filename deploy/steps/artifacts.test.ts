import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { someEnvironment } from '../test/fake-fleet.ts';
import { pruneArtifacts } from './artifacts.ts';

let cache: string;
let folder: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'dengji-artifacts-'));
  folder = join(cache, 'artifacts');
});
afterEach(() => rm(cache, { recursive: true }));

const id = (day: number) => `202611${String(day).padStart(2, '0')}-080000-abcdef${day % 10}`;
const prune = (keep: number, ...needed: string[]) =>
  pruneArtifacts(someEnvironment({ build: { node: '20.20.2', cache } }).environment, keep, new Set(needed));
/** A build of that day, as `build` leaves it. */
async function lay(day: number) {
  const file = join(folder, `${id(day)}.tar.gz`);
  await writeFile(file, 'packed');
  await writeFile(
    join(folder, `commit${day}-linux-x64-20.20.2.json`),
    JSON.stringify({ file, release: { id: id(day) } }),
  );
}
const packed = async () => (await readdir(folder)).filter((name) => !name.endsWith('.json'));

test('the newest artifacts stay, and those of releases that a host keeps; notes go with the others', async () => {
  await mkdir(folder);
  for (const day of [3, 1, 5, 2, 4]) await lay(day);
  expect(await prune(2, id(1))).toEqual([id(2), id(3)]);
  expect(await packed()).toEqual([1, 4, 5].map((day) => `${id(day)}.tar.gz`));
  expect((await readdir(folder)).filter((name) => name.endsWith('.json'))).toHaveLength(3);
  expect(await prune(2, id(1))).toEqual([]);
});

test('a file without a note goes when it is a day old: a build may be writing it', async () => {
  await mkdir(folder);
  const old = new Date(Date.now() - 2 * 86_400_000);
  for (const name of [`${id(1)}.tar.gz`, `${id(2)}.tar.gz.tmp`, `${id(3)}.tar.gz`, `${id(4)}.tar.gz.tmp`])
    await writeFile(join(folder, name), '');
  for (const name of [`${id(1)}.tar.gz`, `${id(2)}.tar.gz.tmp`]) await utimes(join(folder, name), old, old);
  expect(await prune(2)).toEqual([]);
  expect(await packed()).toEqual([`${id(3)}.tar.gz`, `${id(4)}.tar.gz.tmp`]);
});

test('nothing was built here yet', async () => {
  expect(await prune(2)).toEqual([]);
});
