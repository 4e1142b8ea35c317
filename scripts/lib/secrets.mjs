/** The keys of a local installation: random, made once, readable by their owner only, never replaced. */
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Fault } from './fault.mjs';

/**
 * DATA_KEYS and INDEX_KEY for the server, from `path` (made when absent). Losing the file makes the stored personal
 * data unreadable, so a broken one is never replaced.
 * @param {string} path
 * @returns {{ DATA_KEYS: string, INDEX_KEY: string }} as environment variables
 */
export function localSecrets(path) {
  const text = read(path) ?? create(path, JSON.stringify(freshKeys(), null, 2));
  try {
    const { dataKeys, indexKey } = JSON.parse(text);
    if (!dataKeys?.keys?.[dataKeys.current] || !indexKey) throw new Error('keys are missing');
    return { DATA_KEYS: JSON.stringify(dataKeys), INDEX_KEY: indexKey };
  } catch (error) {
    throw new Fault(`${path} is damaged (${error.message}): restore it, or remove the .data folder to begin anew.`, {
      cause: error,
    });
  }
}

/** BACKUP_KEY, from `path` (made when absent): a file of its own, as the key must be another than the data's. @param {string} path */
export const localBackupKey = (path) => read(path) ?? create(path, key());

const key = () => randomBytes(32).toString('base64');
const freshKeys = () => ({ dataKeys: { current: 'k1', keys: { k1: key() } }, indexKey: key() });

function create(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  try {
    linkSync(draft, path);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  return read(path);
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
