import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../paths.mjs';
import { waitGone } from '../processes.mjs';
import { runDrill } from './drill.mjs';
import { planTo } from './plan.mjs';
import { open } from './sealed.mjs';
import { takeSlice } from './slice.mjs';
import { commit, listBackups, nameOf, writePartial } from './store.mjs';
import { keepWriting, KNOWN, SETUP_MS, startTestSet, until } from './test-set.mjs';

let set;
let [client, db, dir, env, folder, key, mongodump, mongorestore, newest, run] = [];
beforeAll(async () => {
  set = await startTestSet();
  ({ client, db, dir, env, folder, key, mongodump, mongorestore, newest, run } = set);
}, SETUP_MS);
afterAll(() => set?.close());

/** A folder with a mongodump of our own that does what the shell lines say; `"$@"` is what it was called with. */
function toolThat(name, lines) {
  const tools = join(folder, name);
  mkdirSync(tools, { recursive: true });
  writeFileSync(join(tools, 'mongodump'), `#!/bin/sh\n${lines}\n`);
  chmodSync(join(tools, 'mongodump'), 0o755);
  return { MONGO_TOOLS: tools };
}

describe('a dump taken while everything is written', { timeout: 120_000 }, () => {
  it('control 58: comes back with the counts, hashes and indexes of its moment', async () => {
    const writing = keepWriting(set);
    await until(() => writing.count() > 20);
    const made = run('backup');
    await until(() => existsSync(dir) && readdirSync(dir).some((file) => file.endsWith('.partial')));
    await db.collection('born').insertOne({ while: 'the dump ran' });
    expect(await made).toMatchObject({ code: 0 });
    await writing.stop();

    const { manifest } = newest('dump');
    expect(manifest.source.entries).toBeGreaterThan(1);
    expect(manifest.documents).toBeGreaterThan(4_000);
    const { code, out } = await run('restore', ['--drill', '--json']);
    expect(out).toContain('Counts, hashes and indexes are equal');
    expect(code).toBe(0);
    const result = JSON.parse(out.trim().split('\n').at(-1));
    expect(result).toMatchObject({ ok: true, documents: manifest.documents, differences: [], compared: true });
  });

  it('holds no clear text', async () => {
    const { path, manifest } = newest('dump');
    const sealed = readFileSync(path);
    expect(sealed).toHaveLength(manifest.bytes);
    const clear = gunzipSync(Buffer.concat(await Readable.from(open(path, key)).toArray()));
    for (const known of [KNOWN, 'sessionEpoch', 'dengji']) {
      expect(clear.includes(known), known).toBe(true);
      expect(sealed.includes(known), known).toBe(false);
    }
  });

  it('is recorded for the server, with nothing but what everybody may know', async () => {
    const { name, manifest } = newest('dump');
    const records = await db.collection('backups').find().toArray();
    expect(records).toEqual([
      {
        _id: name,
        kind: 'dump',
        state: 'good',
        startedAt: new Date(manifest.startedAt),
        endedAt: new Date(manifest.endedAt),
        bytes: manifest.bytes,
        documents: manifest.documents,
        file: name,
        sha256: manifest.sha256,
        error: null,
      },
    ]);
    expect(await run('backup', ['--status'])).toMatchObject({ code: 0 });
  });
});

describe('control 59: a moment in between', { timeout: 120_000 }, () => {
  it('comes back by the oplog, to the second', async () => {
    const writing = keepWriting(set);
    await db.collection('marks').insertOne({ _id: 'before' });
    const { localTime } = await client.db('admin').command({ hello: 1 });
    const next = new Date(Math.floor(localTime.getTime() / 1000 + 1) * 1000);
    await until(async () => (await client.db('admin').command({ hello: 1 })).localTime >= next);
    await db.collection('marks').insertOne({ _id: 'after' });
    expect(await run('backup', ['--oplog'])).toMatchObject({ code: 0 });
    await writing.stop();

    const plan = planTo(listBackups(dir, key), next.toISOString());
    expect(plan.slices).toHaveLength(1);
    let marks;
    let places;
    await runDrill({
      plan,
      key,
      tool: mongorestore,
      signal: AbortSignal.timeout(100_000),
      async look(restored) {
        const there = restored.db('dengji');
        marks = await there.collection('marks').distinct('_id');
        const seats = await there.collection('seats').find().toArray();
        places = seats.reduce((sum, { left }) => sum + left, 0);
      },
    });
    expect(marks).toEqual(['before']);
    expect(places).toBe(2_000);
    expect(await run('restore', ['--drill', '--to', '2100-01-01T00:00:00Z'])).toMatchObject({ code: 1 });
  });

  it('comes to exactly the next dump, by slices without a gap', async () => {
    const writing = keepWriting(set);
    await until(() => writing.count() > 10);
    expect(await run('backup', ['--oplog'])).toMatchObject({ code: 0 });
    expect(await run('backup')).toMatchObject({ code: 0 });
    await writing.stop();
    expect(await run('backup', ['--oplog'])).toMatchObject({ code: 0 });
    const { code, out } = await run('restore', ['--drill', '--from-previous']);
    expect(out).toContain('and 3 oplog slices');
    expect(out).toContain('Counts, hashes and indexes are equal');
    expect(code).toBe(0);
  });

  it('is refused when the oplog no longer reaches back', async () => {
    const alone = join(folder, 'alone');
    mkdirSync(alone);
    const settings = { dir: alone, key, release: 'test' };
    const take = () => takeSlice({ client, settings, say: () => {}, signal: AbortSignal.timeout(60_000) });
    await expect(take()).rejects.toThrow('There is no dump yet');
    const early = await run('backup', ['--oplog'], { BACKUP_DIR: alone });
    expect(early).toMatchObject({ code: 4, out: expect.stringContaining('There is no dump yet') });
    expect(await db.collection('backups').countDocuments({ error: /no dump yet/ })).toBe(0);
    const path = join(alone, nameOf('dump', new Date()));
    const file = await writePartial(path, [Buffer.from('x')]);
    const long = { name: nameOf('dump', new Date()), kind: 'dump', keyId: key.id, ...file, to: { t: 1, i: 1 } };
    await commit(path, { ...long, name: path.split('/').at(-1) }, key);
    await expect(take()).rejects.toThrow('The oplog no longer reaches back to the newest dump');
    expect(readdirSync(alone).filter((name) => name.includes('.oplog'))).toEqual([]);
  });
});

describe('a backup that fails', { timeout: 120_000 }, () => {
  const files = () => readdirSync(dir).filter((name) => !name.endsWith('.lock'));
  const lastRecord = () => db.collection('backups').find({ state: 'failed' }).sort({ endedAt: -1 }).limit(1).next();

  it('leaves nothing that looks good when mongodump fails or ends early, and says why', async () => {
    const before = files();
    const half = `"${mongodump}" "$@" 2>/dev/null | head -c 500000`;
    const fails = toolThat('fails', `${half}; echo "2026	Failed: the disk is on fire" >&2; exit 1`);
    expect(await run('backup', [], fails)).toMatchObject({
      code: 1,
      out: expect.stringContaining('the disk is on fire'),
    });
    expect(await lastRecord()).toMatchObject({
      kind: 'dump',
      bytes: null,
      file: null,
      error: 'mongodump: Failed: the disk is on fire',
    });
    const short = await run('backup', [], toolThat('short', `${half}; exit 0`));
    expect(short).toMatchObject({ code: 1, out: expect.stringContaining('The archive ends in its middle') });
    expect(files()).toEqual(before);
    const none = await run('backup', [], { MONGO_TOOLS: folder });
    expect(none).toMatchObject({ code: 1, out: expect.stringContaining('There is no mongodump in') });
  });

  it('leaves nothing that looks good when it is killed or stopped; meanwhile a second one is refused', async () => {
    const before = files();
    const pidFile = join(folder, 'pid');
    const hangs = toolThat(
      'hangs',
      `echo $$ > "${pidFile}"; "${mongodump}" "$@" 2>/dev/null | head -c 500000; exec sleep 600`,
    );
    for (const signal of ['SIGKILL', 'SIGTERM']) {
      rmSync(pidFile, { force: true });
      const child = spawn(process.execPath, ['scripts/backup.mjs'], {
        env: { ...env, ...hangs },
        cwd: root,
        stdio: 'ignore',
      });
      const ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
      await until(() => files().some((name) => name.endsWith('.partial')) && existsSync(pidFile));
      expect(await run('backup')).toMatchObject({ code: 3, out: expect.stringContaining(`process ${child.pid}`) });
      expect(await run('backup', ['--oplog'])).toMatchObject({ code: 0 });
      child.kill(signal);
      expect(await ended).toBe(signal === 'SIGTERM' ? 1 : null);
      expect(await waitGone(Number(readFileSync(pidFile, 'utf8')), 20_000)).toBe(true);
      const left = files().filter((name) => !before.includes(name) && name.includes('.dump'));
      expect(left.filter((name) => !name.endsWith('.partial'))).toEqual([]);
      if (signal === 'SIGTERM') expect(left).toEqual([]);
    }
    expect(await lastRecord()).toMatchObject({ error: 'Stopped by SIGTERM.' });
    expect(await run('backup')).toMatchObject({ code: 0 });
    expect(files().filter((name) => name.endsWith('.partial'))).toEqual([]);
  });

  it('is refused with a setting missing, or with options that are none', async () => {
    expect(await run('backup', [], { BACKUP_KEY: '' })).toMatchObject({
      code: 1,
      out: expect.stringContaining('BACKUP_KEY is missing'),
    });
    expect(await run('backup', ['--all'])).toMatchObject({ code: 2 });
    expect(await run('backup', ['--help'])).toMatchObject({ code: 0 });
    for (const args of [
      [],
      ['--drill', '--into', 'x'],
      ['--into', 'x', '--from-previous'],
      ['--drill', '--to', 'latest', '--file', 'x'],
    ])
      expect(await run('restore', args)).toMatchObject({ code: 2 });
  });
});

describe('a collection that is made while a dump begins', { timeout: 120_000 }, () => {
  it('is in it, since the dump is begun again; when that does not help it fails, and leaves nothing', async () => {
    const [early, go] = [join(folder, 'early.archive'), join(folder, 'go')];
    // Seen from outside it is the same: the archive knows nothing of a collection that is there.
    const first = `if [ ! -e "${go}" ]; then "${mongodump}" "$@" > "${early}.part"; mv "${early}.part" "${early}"`;
    const wait = `while [ ! -e "${go}" ]; do sleep 0.05; done; exec cat "${early}"; fi`;
    const made = run('backup', [], toolThat('early', `${first}; ${wait}; exec "${mongodump}" "$@"`));
    await until(() => existsSync(early));
    await db.collection('late').insertOne({ made: 'while the dump began' });
    writeFileSync(go, '');
    expect(await made).toMatchObject({
      code: 0,
      out: expect.stringContaining('dengji.late: made while the dump began'),
    });
    const { manifest } = newest('dump');
    expect(manifest.collections.find(({ name }) => name === 'dengji.late')).toMatchObject({ documents: 1 });
    expect(await run('restore', ['--drill'])).toMatchObject({ code: 0 });

    const before = readdirSync(dir);
    expect(await run('backup', [], toolThat('always', `exec cat "${early}"`))).toMatchObject({
      code: 1,
      out: expect.stringContaining('made while the dump began, 3 times. Run it again'),
    });
    expect(readdirSync(dir)).toEqual(before);
  });
});
