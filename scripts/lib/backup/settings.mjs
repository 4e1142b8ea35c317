/** The settings of backup and restore: from the environment, or from a file of NAME=value lines given by --env. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { Fault } from '../fault.mjs';
import { root } from '../paths.mjs';
import { backupKey } from './sealed.mjs';

/** How many to keep when nothing else is said. */
const KEEP = { BACKUP_KEEP_DAILY: 7, BACKUP_KEEP_WEEKLY: 4, BACKUP_KEEP_MONTHLY: 12, BACKUP_KEEP_OPLOG_DAYS: 7 };

/**
 * @typedef {object} Keep
 * @property {number} daily the newest dump of each of so many days (Asia/Shanghai)
 * @property {number} weekly of so many weeks
 * @property {number} monthly of so many months
 * @property {number} oplogDays oplog slices of so many days
 */

/**
 * Settings are read when they are asked for, so that a command demands only those that it needs.
 * @param {string} [file]
 * @param {NodeJS.ProcessEnv} [environment]
 * @returns {{ mongoUrl: string, dir: string, key: import('./sealed.mjs').BackupKey, keep: Keep, release: string,
 *   buildTools: boolean, named(name: string): string }}
 */
export function readSettings(file, environment = process.env) {
  const env = file ? { ...environment, ...readFile(file) } : environment;
  const need = (name, what) => {
    if (env[name]) return env[name];
    throw new Fault(`${name} is missing (${what}): set it in the environment, or in a file given by --env.`);
  };
  return {
    get mongoUrl() {
      return need('MONGO_URL', 'the database');
    },
    get dir() {
      return need('BACKUP_DIR', 'the folder of the backups');
    },
    get key() {
      const text = need('BACKUP_KEY', '32 random bytes as base64, as "openssl rand -base64 32" prints them');
      return readKey(text, env);
    },
    get keep() {
      const [daily, weekly, monthly, oplogDays] = Object.entries(KEEP).map(([name, usual]) =>
        readCount(name, env[name] || String(usual)),
      );
      if (daily < 1) throw new Fault('BACKUP_KEEP_DAILY must be 1 or more: the newest backup is always kept.');
      return { daily, weekly, monthly, oplogDays };
    },
    /** The tools may be built, as by --build-tools: for a machine where nobody types the command. */
    buildTools: env.BACKUP_BUILD_TOOLS === '1',
    /** A setting by its name, for what must not stand in a command line. */
    named: (name) => need(name, 'the URL of the replica set to restore into'),
    get release() {
      return env.BUILD || JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;
    },
  };
}

/** Whoever reads backups must not be able to read what is sealed inside them, and the other way round. */
function readKey(text, { DATA_KEYS = '', INDEX_KEY = '' }) {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== 32 || bytes.toString('base64') !== text)
    throw new Fault('BACKUP_KEY is not the base64 of 32 bytes.');
  if (INDEX_KEY === text || DATA_KEYS.includes(text))
    throw new Fault('BACKUP_KEY must be a key of its own, not one of DATA_KEYS or INDEX_KEY.');
  return backupKey(bytes);
}

function readCount(name, text) {
  if (/^\d{1,3}$/.test(text)) return Number(text);
  throw new Fault(`${name} is a number from 0 to 999, not "${text}".`);
}

function readFile(path) {
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Fault(`The file of settings can't be read: ${error.message}.`, { cause: error });
  }
}
