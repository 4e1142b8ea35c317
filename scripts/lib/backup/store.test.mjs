import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { backupKey } from './sealed.mjs';
import { readSettings } from './settings.mjs';
import { statusOf } from './status.mjs';
import {
  commit,
  goodOnes,
  listBackups,
  makeFolder,
  nameOf,
  removeBackups,
  removePartials,
  writePartial,
} from './store.mjs';

const folder = mkdtempSync(join(tmpdir(), 'dengji-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const key = backupKey(randomBytes(32));
const dir = join(folder, 'backups');
const NOW = new Date('2026-11-21T02:15:00Z');
beforeEach(() => {
  rmSync(dir, { recursive: true, force: true });
  makeFolder(dir);
});

async function write(kind, at, more = {}) {
  const name = nameOf(kind, at);
  const path = join(dir, name);
  const file = await writePartial(path, [Buffer.from('sealed'), Buffer.from(' bytes')]);
  const time = at.toISOString();
  await commit(
    path,
    { name, kind, startedAt: time, endedAt: time, keyId: key.id, ...file, to: { t: 1, i: 1 }, ...more },
    key,
  );
  return path;
}
const faults = (under) => listBackups(dir, under).map(({ fault }) => fault?.message);

describe('the folder of backups', () => {
  it('holds a file and its manifest, both for the owner only, named after when it began', async () => {
    const path = await write('dump', NOW);
    expect(readdirSync(dir)).toEqual(['dengji-20261121T021500000Z.dump', 'dengji-20261121T021500000Z.dump.json']);
    expect([path, `${path}.json`, dir].map((one) => statSync(one).mode & 0o777)).toEqual([0o600, 0o600, 0o700]);
    expect(readFileSync(path, 'utf8')).toBe('sealed bytes');
    const [{ manifest, fault }] = listBackups(dir, key);
    expect(fault).toBeUndefined();
    const sha256 = createHash('sha256').update('sealed bytes').digest('hex');
    expect(manifest).toMatchObject({ format: 1, bytes: 12, sha256, keyId: key.id });
  });

  it('says what is wrong with a backup, and never counts it as good', async () => {
    const path = await write('dump', NOW);
    const text = readFileSync(`${path}.json`, 'utf8');
    const name = 'dengji-20261121T021500000Z.dump';
    const spoil = (change) => {
      writeFileSync(`${path}.json`, change(text));
      return faults(key)[0];
    };
    expect(spoil((one) => one.replace('"bytes": 12', '"bytes": 13'))).toBe(`The manifest of ${name} was changed.`);
    expect(spoil((one) => one.replace('"t": 1', '"t": 2'))).toBe(`The manifest of ${name} was changed.`);
    expect(spoil((one) => one.slice(0, -20))).toMatch(`The manifest of ${name} is damaged`);
    expect(spoil(() => '{}')).toBe(`${name}.json is no manifest of ${name}.`);
    expect(spoil((one) => one)).toBeUndefined();
    expect(faults(backupKey(randomBytes(32)))[0]).toMatch(`${name} was sealed under the key ${key.id}`);
    truncateSync(path, 5);
    expect(faults()).toEqual([`${name} has 5 bytes, and was written with 12.`]);
    rmSync(path);
    expect(faults()).toEqual([`${name} is gone: only its manifest is left.`]);
    await write('dump', NOW);
    rmSync(`${path}.json`);
    expect(faults()).toEqual([`${name} has no manifest: it was never finished, or ${name}.json was lost.`]);
    expect(goodOnes(listBackups(dir, key), 'dump')).toEqual([]);
  });

  it('counts nothing that was not finished, and removes what a killed run left, of its own kind only', async () => {
    const path = join(dir, nameOf('dump', NOW));
    await writePartial(path, [Buffer.from('half')]);
    await writePartial(join(dir, nameOf('oplog', NOW)), [Buffer.from('half')]);
    const failing = async function* () {
      yield Buffer.from('half');
      throw new Error('cut');
    };
    await expect(writePartial(join(dir, nameOf('dump', new Date(0))), failing)).rejects.toThrow('cut');
    for (const other of ['notes.txt', 'dump.partial', `${nameOf('dump', NOW)}.copy`, 'dengji-1.dump.json.partial'])
      writeFileSync(join(dir, other), 'of somebody');
    expect(listBackups(dir, key)).toEqual([]);
    removePartials(dir, 'dump');
    expect(readdirSync(dir)).toEqual([
      'dengji-1.dump.json.partial',
      `${nameOf('dump', NOW)}.copy`,
      `${nameOf('oplog', NOW)}.partial`,
      'dump.partial',
      'notes.txt',
    ]);
  });

  it('never writes over a file that is there', async () => {
    const path = join(dir, nameOf('dump', NOW));
    await writePartial(path, [Buffer.from('first')]);
    await expect(writePartial(path, [Buffer.from('second')])).rejects.toThrow('EEXIST');
  });

  it('loses a backup with its manifest', async () => {
    const path = await write('dump', NOW);
    removeBackups(listBackups(dir, key));
    expect([path, `${path}.json`].filter(existsSync)).toEqual([]);
  });
});

describe('control 58: the state of the backups', () => {
  const hours = (count) => new Date(NOW.getTime() + count * 3_600_000);

  it('is bad without a good dump, and when the last one is older than 26 hours', async () => {
    expect(statusOf(listBackups(dir), NOW)).toEqual({ ok: false, lines: ['NONE: there is no good dump'] });
    const path = await write('dump', NOW);
    expect(statusOf(listBackups(dir), hours(26))).toMatchObject({ ok: true });
    const late = statusOf(listBackups(dir), hours(26.1));
    expect(late.ok).toBe(false);
    expect(late.lines[0]).toBe(`TOO OLD: the last dump, ${nameOf('dump', NOW)}, is 26.1 h old (at most 26.0 h)`);
    truncateSync(path, 5);
    expect(statusOf(listBackups(dir), NOW).ok).toBe(false);
  });

  it('is bad when there are slices and they have stopped', async () => {
    await write('dump', NOW);
    await write('oplog', NOW);
    expect(statusOf(listBackups(dir), hours(1)).ok).toBe(true);
    expect(statusOf(listBackups(dir), hours(1.1)).ok).toBe(false);
  });

  it('is bad when there is no folder', () => {
    expect(() => listBackups(join(folder, 'nowhere'))).toThrow("The folder of the backups can't be read");
  });
});

describe('settings of backups', () => {
  const text = randomBytes(32).toString('base64');

  it('come from a file before the environment, and are asked for by name', () => {
    const path = join(folder, 'env');
    writeFileSync(path, `BACKUP_DIR=/of/the/file\nBACKUP_KEEP_DAILY=3\n`);
    const settings = readSettings(path, { BACKUP_DIR: '/of/the/environment', BACKUP_KEY: text });
    expect(settings.dir).toBe('/of/the/file');
    expect(settings.keep).toEqual({ daily: 3, weekly: 4, monthly: 12, oplogDays: 7 });
    expect(settings.key.id).toMatch(/^[0-9a-f]{16}$/);
    expect(() => settings.mongoUrl).toThrow('MONGO_URL is missing');
    expect(() => readSettings(join(folder, 'nothing'), {})).toThrow("can't be read");
  });

  it('refuse a key that is none, or that seals the data too', () => {
    const keyOf = (env) => () => readSettings(undefined, env).key;
    expect(keyOf({})).toThrow('BACKUP_KEY is missing');
    for (const wrong of ['short', text.slice(0, -4), `${text}x`])
      expect(keyOf({ BACKUP_KEY: wrong })).toThrow('32 bytes');
    expect(keyOf({ BACKUP_KEY: text, INDEX_KEY: text })).toThrow('a key of its own');
    expect(keyOf({ BACKUP_KEY: text, DATA_KEYS: JSON.stringify({ current: 'k', keys: { k: text } }) })).toThrow(
      'of its own',
    );
    expect(() => readSettings(undefined, { BACKUP_KEEP_DAILY: '0' }).keep).toThrow('1 or more');
    expect(() => readSettings(undefined, { BACKUP_KEEP_WEEKLY: 'many' }).keep).toThrow('from 0 to 999');
  });
});
