import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareContents, listCollections, readContent } from './content.mjs';
import { backupKey } from './sealed.mjs';
import { SETUP_MS, startTestSet } from './test-set.mjs';

let set;
let [client, db, key, newest, run, url] = [];
beforeAll(async () => {
  set = await startTestSet();
  ({ client, db, key, newest, run, url } = set);
  const { code, out } = await run('backup');
  if (code !== 0) throw new Error(out);
}, SETUP_MS);
afterAll(() => set?.close());

describe('a restore', { timeout: 120_000 }, () => {
  it('is refused, before anything is touched, from a file that is damaged, cut, without its manifest, or under another key', async () => {
    const { name, path } = newest('dump');
    const [bytes, manifest] = [readFileSync(path), readFileSync(`${path}.json`)];
    const refused = async (change, more) => {
      change();
      const { code, out } = await run('restore', ['--drill', '--file', name], more);
      writeFileSync(path, bytes);
      writeFileSync(`${path}.json`, manifest);
      return `${code} ${out}`;
    };
    const flipped = Buffer.from(bytes);
    flipped[bytes.length - 100] ^= 1;
    expect(await refused(() => writeFileSync(path, flipped))).toMatch(/^1 .*is damaged: frame/s);
    expect(await refused(() => writeFileSync(path, bytes.subarray(0, -1)))).toMatch(
      /^1 .*bytes, and was written with/s,
    );
    expect(await refused(() => rmSync(`${path}.json`))).toMatch(/^1 .*has no manifest/s);
    expect(await refused(() => {}, { BACKUP_KEY: randomBytes(32).toString('base64') })).toMatch(
      /^1 .*was sealed under the key/s,
    );
  });

  it('is refused into a database that is not empty, and without --yes', async () => {
    expect(await run('restore', ['--into', url])).toMatchObject({
      code: 2,
      out: expect.stringContaining('Nothing was done'),
    });
    const refused = await run('restore', ['--into', url, '--yes']);
    expect(refused).toMatchObject({ code: 1, out: expect.stringContaining('The database dengji is not empty') });
    const stranger = await run('restore', ['--into', url, '--yes', '--drop', 'people']);
    expect(stranger).toMatchObject({ code: 1, out: expect.stringContaining('does not bring that database back') });
    const elsewhere = await run('restore', ['--into', url.replace('/dengji?', '/other?'), '--yes']);
    expect(elsewhere).toMatchObject({ code: 1, out: expect.stringContaining('under that name only') });
    expect(await db.collection('people').countDocuments()).toBe(4_000);
  });

  it('for real brings everything back, and lets no log-in, lease or unfinished request live on', async () => {
    await db.collection('people').deleteMany({});
    await db.collection('strangers').insertOne({ after: 'the dump' });
    const done = await run('restore', ['--into', 'MONGO_URL', '--yes', '--drop', 'dengji']);
    expect(done.out).toContain('Counts, hashes and indexes are equal');
    expect(done.out).toContain('FLUSHDB');
    expect(done.code).toBe(0);
    const { collections } = newest('dump').manifest;
    const people = collections.find(({ name }) => name === 'dengji.people');
    expect(await db.collection('people').countDocuments()).toBe(people.documents);
    expect(await db.collection('strangers').countDocuments()).toBe(0);
    expect(await db.collection('accounts').distinct('sessionEpoch')).toEqual([1, 4]);
    expect(await db.collection('idempotency').distinct('_id')).toEqual(['done']);
    const runs = await db.collection('runs').find().sort({ _id: 1 }).toArray();
    expect(runs[0].work).toMatchObject({ state: 'waiting', fence: 1_000_005, holder: null });
    expect(runs[0].work.due.getTime()).toBeLessThan(Date.now() + 60_000);
    expect(runs[1].work).toEqual({ state: 'done', due: new Date(0), fence: 1_000_002, holder: null });
  });

  it('that lost, doubled or changed one document, or an index, would not look equal', async () => {
    const names = ['dengji.people', 'dengji.seats'];
    const expected = await readContent(client, names, { key });
    const differences = async () => compareContents(expected, await readContent(client, names, { key }));
    expect(await differences()).toEqual([]);
    const people = db.collection('people');
    const one = await people.findOneAndDelete({ _id: 100 });
    expect(await differences()).toEqual([expect.stringMatching(/^dengji.people has \d+ documents instead of/)]);
    await people.insertOne({ ...one, rev: -1 });
    expect(await differences()).toEqual(['dengji.people has other documents']);
    await people.updateOne({ _id: 100 }, { $set: { rev: one.rev } });
    expect(await differences()).toEqual([]);
    await people.dropIndex('rev_1');
    await people.createIndex({ rev: 1 });
    expect(await differences()).toEqual(['dengji.people: index rev_1 differs']);
    const other = await readContent(client, names, { key: backupKey(randomBytes(32)) });
    expect(other.map(({ hash }) => hash)).not.toEqual(expected.map(({ hash }) => hash));
    const all = await listCollections(client);
    expect(all).toContain('dengji.people');
    expect(compareContents(expected.slice(1), expected)).toEqual(['dengji.people should not be there']);
    expect(compareContents(expected, expected.slice(1))).toEqual(['dengji.people is missing']);
  });
});
