import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Host } from '../config/schema.ts';
import { placeOf } from '../config/settings.ts';
import { quote } from '../commands/quote.ts';
import type { Loaded } from '../config/load.ts';
import { Fault } from '../faults.ts';
import { must } from './process.ts';
import type { Remote } from './remote.ts';

/** The host program: plain modules without dependencies. */
export const PROGRAM = fileURLToPath(new URL('../host/', import.meta.url));

export interface ProgramFiles {
  hash: string;
  /** Paths under the program's folder. */
  files: string[];
}

const isProgram = (name: string) => name.endsWith('.mjs') && !/\.test\.mjs$|^test\//.test(name);

/** The host program's files and their common hash: two versions lie side by side on a host, and a running one is never changed. */
export async function programFiles(folder = PROGRAM): Promise<ProgramFiles> {
  const names = (await readdir(folder, { recursive: true })).filter(isProgram).sort();
  const hash = createHash('sha256');
  for (const name of names)
    hash
      .update(`${name}\0`)
      .update(await readFile(join(folder, name)))
      .update('\0');
  return { hash: hash.digest('hex').slice(0, 12), files: names };
}

/**
 * Puts the host program, and the node that runs it, on a host where they are missing. Neither is used by what serves.
 * @param node finds the node binary for the hosts' platform; asked only when a host has none or another version
 */
export async function putProgram(
  remote: Remote,
  loaded: Loaded,
  host: Host,
  node: () => Promise<string>,
): Promise<void> {
  const { hash, files } = remote.program;
  const folder = `${placeOf(loaded.environment, host).root}/host`;
  const wanted = `v${loaded.environment.build.node}`;
  const look = await remote.shell(host, lookLine(folder, hash), { timeoutS: 60 });
  if (remote.dry) return;
  const found = look.stdout.trim().split('\n');
  if (look.code !== 0) {
    throw new Fault(`${host.name}: ${folder} can't be written (${look.stderr.trim()}). Was setup run on this host?`);
  }
  if (found[0] !== wanted) await put(remote, host, `${folder}/node`, await packed([`${await node()}`]), 'file');
  if (found[1] !== 'program') {
    await put(
      remote,
      host,
      `${folder}/${hash}`,
      await packed(
        files.map((name) => join(PROGRAM, name)),
        PROGRAM,
      ),
      'folder',
    );
  }
}

/** Prints the version of the node there, then whether this version of the program is there; then `prune` sees that it is used. */
function lookLine(folder: string, hash: string): string {
  const at = quote(folder);
  const node = `{ ${at}/node --version 2>/dev/null || echo none; }`;
  return `mkdir -p ${at} && test -w ${at} && ${node} && { test -f ${at}/${hash}/main.mjs && touch ${at}/${hash} && echo program || echo none; }`;
}

/** The files as a packed archive in a temporary place. */
async function packed(paths: string[], base = dirname(paths[0] ?? '')): Promise<string> {
  const archive = join(await mkdtemp(join(tmpdir(), 'dengji-put-')), 'files.tgz');
  await must(['tar', '-czf', archive, '-C', base, ...paths.map((path) => relative(base, path))]);
  return archive;
}

/** Unpacks beside the target, then renames: another operator's call in the same second finds all or nothing. */
async function put(
  remote: Remote,
  host: Host,
  target: string,
  archive: string,
  what: 'file' | 'folder',
): Promise<void> {
  const at = quote(target);
  const take =
    what === 'file' ? `mv -f "$T"/* ${at} && rmdir "$T"` : `{ mv -T "$T" ${at} 2>/dev/null || rm -rf "$T"; }`;
  const line = `T=${at}.$$ && mkdir -p "$T" && tar -xmzf - -C "$T" && ${take}`;
  try {
    const { code, stderr } = await remote.shell(host, line, { inputFile: archive, timeoutS: 300 });
    if (code !== 0) throw new Fault(`${host.name}: ${target} could not be written: ${stderr.trim()}`);
  } finally {
    await rm(dirname(archive), { recursive: true });
  }
}
