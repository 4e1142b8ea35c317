import { createHash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';

/** A name beside `path` that no other process uses. */
const beside = (/** @type {string} */ path) => `${path}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;

/** Makes the entry itself durable: after a power cut a rename without it may be undone. @param {string} folder */
export function syncFolder(folder) {
  const fd = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/**
 * Writes all or nothing: a reader, or a boot after a power cut, sees the old text or the new one.
 * @param {string} path
 * @param {string} text
 * @param {number} [mode]
 */
export function writeFile(path, text, mode = 0o644) {
  const temp = beside(path);
  const fd = fs.openSync(temp, 'wx', mode);
  try {
    fs.writeSync(fd, text);
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
  fs.renameSync(temp, path);
  syncFolder(dirname(path));
}

/** @param {string} path @param {unknown} value */
export const writeJson = (path, value) => writeFile(path, `${JSON.stringify(value)}\n`);

/** @param {string} path @returns {any} the parsed file, or null when there is none or it is not JSON */
export function readJson(path) {
  try {
    return JSON.parse(fs.readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

/** @param {string} path @returns {string | null} */
export function readText(path) {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/**
 * Points a symbolic link elsewhere in one step: at no moment is it missing.
 * @param {string} link
 * @param {string} target relative targets are relative to the link's folder
 */
export function pointLink(link, target) {
  const temp = beside(link);
  fs.symlinkSync(target, temp);
  fs.renameSync(temp, link);
  syncFolder(dirname(link));
}

/** @param {string} link @returns {string | null} what the link says */
export function readLink(link) {
  try {
    return fs.readlinkSync(link);
  } catch {
    return null;
  }
}

/** @param {string} path */
export const remove = (path) => fs.rmSync(path, { recursive: true, force: true });

/** @param {string} path @returns {string[]} names, sorted; none when there is no such folder */
export function list(path) {
  try {
    return fs.readdirSync(path).toSorted();
  } catch {
    return [];
  }
}

/** @param {string} path */
export const exists = (path) => fs.existsSync(path);

/** Every file under a folder, as sorted relative paths. @param {string} folder @returns {string[]} */
export function walk(folder) {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1))
    .toSorted();
}

/** One hash over names and contents of a folder. @param {string} folder @param {string[]} [without] names left out */
export function hashFolder(folder, without = []) {
  const hash = createHash('sha256');
  for (const name of walk(folder).filter((one) => !without.includes(one)))
    hash
      .update(`${name}\0`)
      .update(fs.readFileSync(join(folder, name)))
      .update('\0');
  return hash.digest('hex');
}

/** Free bytes of the file system that a path is on. @param {string} path */
export function freeBytes(path) {
  const { bavail, bsize } = fs.statfsSync(path);
  return bavail * bsize;
}
