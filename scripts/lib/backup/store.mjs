/**
 * The folder of the backups. A backup is two files: the sealed one, and beside it a manifest that says what is in it and is
 * itself proven by the backup key. Both are written as `NAME.partial` and get their names when they are whole and on
 * the disk, the manifest last: a backup without a manifest is none.
 */
import { createHash, createHmac } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { open as openFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Fault } from '../fault.mjs';
import { derive, otherKey } from './sealed.mjs';

const FORMAT = 1;
const NAME = /^dengji-\d{8}T\d{9}Z\.(dump|oplog)$/;
const PARTIAL = /^(dengji-\d{8}T\d{9}Z\.(dump|oplog))(\.json)?\.partial$/;

/** @typedef {{ t: number, i: number }} Time a cluster time */

/**
 * @typedef {object} Manifest
 * @property {1} format
 * @property {string} name the sealed file
 * @property {'dump' | 'oplog'} kind
 * @property {string} release of the program that wrote it
 * @property {string} startedAt
 * @property {string} endedAt
 * @property {string} keyId
 * @property {number} bytes of the sealed file
 * @property {string} sha256 of the sealed file
 * @property {number} documents a dump's documents; a slice's entries
 * @property {Time} to dump: the moment that it stands for. Slice: its last entry
 * @property {Time} [from] slice: the entry that it follows
 * @property {string} [through] slice: everything acknowledged before this is in it (the database's clock)
 * @property {import('./content.mjs').CollectionContent[]} [collections] of a dump, at `to`
 * @property {{ server: string, tools: string, entries: number }} [source] of a dump; entries: of the oplog inside it
 * @property {string} mac over everything else, under a key made of the backup key
 */

/**
 * @typedef {object} Backup
 * @property {string} name
 * @property {'dump' | 'oplog'} kind
 * @property {string} path
 * @property {Manifest} manifest absent when there is a fault
 * @property {Fault} [fault] why it is no good backup
 */

/** `dengji-20261121T021500123Z.dump` */
export const nameOf = (kind, at) => `dengji-${at.toISOString().replaceAll(/[-:.]/g, '')}.${kind}`;

/**
 * Every backup of the folder, the oldest first, with what can be said without reading it wholly.
 * @param {string} dir
 * @param {import('./sealed.mjs').BackupKey} [key] also checks that the manifests are what was written
 * @returns {Backup[]}
 */
export function listBackups(dir, key) {
  const files = readFolder(dir);
  const names = new Set(files.map((file) => file.replace(/\.json$/, '')).filter((name) => NAME.test(name)));
  return [...names].toSorted().map((name) => {
    const one = { name, kind: NAME.exec(name)[1], path: join(dir, name) };
    try {
      return { ...one, manifest: readManifest(one, key) };
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault;
      return { ...one, fault };
    }
  });
}

/** Good backups of one kind, the oldest first. */
export const goodOnes = (backups, kind) => backups.filter((one) => one.kind === kind && !one.fault);

function readManifest({ name, path }, key) {
  let manifest;
  try {
    manifest = JSON.parse(readFileSync(`${path}.json`, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT')
      throw new Fault(`${name} has no manifest: it was never finished, or ${name}.json was lost.`, { cause: error });
    throw new Fault(`The manifest of ${name} is damaged: ${error.message}.`, { cause: error });
  }
  if (manifest.format !== FORMAT || manifest.name !== name) throw new Fault(`${name}.json is no manifest of ${name}.`);
  if (key && manifest.keyId !== key.id) throw otherKey(name, manifest.keyId, key);
  if (key && manifest.mac !== macOf(manifest, key)) throw new Fault(`The manifest of ${name} was changed.`);
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) throw new Fault(`${name} is gone: only its manifest is left.`);
  if (size !== manifest.bytes) throw new Fault(`${name} has ${size} bytes, and was written with ${manifest.bytes}.`);
  return manifest;
}

/**
 * Writes a sealed file that does not have its name yet.
 * @param {string} path
 * @param {...any} parts of a pipeline: where the bytes come from, and what is done with them
 * @returns {Promise<{ bytes: number, sha256: string }>}
 */
export async function writePartial(path, ...parts) {
  const hash = createHash('sha256');
  let bytes = 0;
  const measure = async function* (source) {
    for await (const chunk of source) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  };
  // It is there before anything can fail, so that whoever cleans up after a failure finds it.
  const file = await openFile(`${path}.partial`, 'wx', 0o600);
  await pipeline(...parts, measure, file.createWriteStream({ flush: true }));
  return { bytes, sha256: hash.digest('hex') };
}

/**
 * Gives a written file its name, and its manifest. From then on the backup counts.
 * @param {string} path
 * @param {Omit<Manifest, 'format' | 'mac'>} content
 * @param {import('./sealed.mjs').BackupKey} key
 * @returns {Promise<Manifest>}
 */
export async function commit(path, content, key) {
  const manifest = { format: FORMAT, ...content };
  manifest.mac = macOf(manifest, key);
  const text = `${JSON.stringify(manifest, null, 1)}\n`;
  await writeFile(`${path}.json.partial`, text, { mode: 0o600, flush: true });
  for (const end of ['', '.json']) await rename(`${path}${end}.partial`, `${path}${end}`);
  const folder = await openFile(join(path, '..'));
  await folder.sync();
  await folder.close();
  return manifest;
}

/** Removes what a killed run of this kind left. Nobody else may be writing one. */
export function removePartials(dir, kind) {
  for (const file of readFolder(dir)) if (PARTIAL.exec(file)?.[2] === kind) rmSync(join(dir, file), { force: true });
}

/** Removes backups, the manifest first: what is half removed must not look good. */
export function removeBackups(backups) {
  for (const { path } of backups) for (const end of ['.json', '']) rmSync(`${path}${end}`, { force: true });
}

/** The folder, made when it is not there yet. */
export function makeFolder(dir) {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
}

function macOf({ mac: _mac, ...manifest }, key) {
  return createHmac('sha256', derive(key.bytes, 'manifest')).update(JSON.stringify(manifest)).digest('hex');
}

function readFolder(dir) {
  try {
    return readdirSync(dir);
  } catch (error) {
    throw new Fault(`The folder of the backups can't be read: ${error.message}.`, { cause: error });
  }
}
