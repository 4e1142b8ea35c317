import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Environment } from '../config/schema.ts';
import type { Artifact } from './build.ts';
import { artifactsFolder } from './places.ts';

const DAY_MS = 86_400_000;

/**
 * Removes artifacts from the operator's machine: what is needed again is built again. A file without a note, or one that a
 * cut build left, goes when it is a day old: another build may be writing it.
 * @param keep how many of the newest stay
 * @param needed ids of releases whose artifacts stay too: those that hosts keep
 * @returns ids of those that are gone
 */
export async function pruneArtifacts(
  environment: Environment,
  keep: number,
  needed: ReadonlySet<string>,
): Promise<string[]> {
  const folder = artifactsFolder(environment);
  const names = await readdir(folder).catch(() => []);
  const notes = await Promise.all(names.filter((name) => name.endsWith('.json')).map((name) => readNote(folder, name)));
  // Ids begin with the time of their build.
  const newestFirst = notes.toSorted((a, b) => (a.id < b.id ? 1 : -1));
  const gone = newestFirst.slice(keep).filter(({ id }) => !needed.has(id));
  // The note first: who finds one must find its file.
  for (const { note, file } of gone) {
    await rm(join(folder, note));
    if (dirname(file) === folder) await rm(file, { force: true });
  }
  const kept = new Set(notes.filter((one) => !gone.includes(one)).map(({ file }) => file));
  for (const name of names.filter((one) => /\.tar\.gz$|\.tmp$/.test(one))) {
    const path = join(folder, name);
    if (!kept.has(path) && (await isOld(path))) await rm(path, { force: true });
  }
  return gone.map(({ id }) => id).toSorted();
}

async function readNote(folder: string, note: string): Promise<{ note: string; id: string; file: string }> {
  const { file, release } = JSON.parse(await readFile(join(folder, note), 'utf8')) as Artifact;
  return { note, id: release.id, file };
}

const isOld = (path: string): Promise<boolean> =>
  stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs > DAY_MS,
    () => false,
  );
