import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { heldLock, tryLock, withLock } from './lock-file.mjs';

const folder = mkdtempSync(join(tmpdir(), 'dengji-lock-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('lock file', () => {
  it('has one holder, and tells who', () => {
    const path = join(folder, 'one.lock');
    const lock = tryLock(path, 'http://localhost:3000');
    expect(tryLock(path).heldBy).toMatchObject({ pid: process.pid, note: 'http://localhost:3000' });
    lock.release();
    expect(heldLock(path)).toBeUndefined();
    tryLock(path).release();
  });

  it('is taken over from a dead process, from a recycled process id and from a broken file', () => {
    const path = join(folder, 'two.lock');
    const { pid } = spawnSync(process.execPath, ['--version']);
    for (const left of [
      JSON.stringify({ pid, stamp: '1' }),
      JSON.stringify({ pid: process.pid, stamp: 'long ago' }),
      '{',
    ]) {
      writeFileSync(path, left);
      expect(heldLock(path)).toBeUndefined();
      tryLock(path).release();
    }
  });

  it('lets work happen one after the other, also when the work fails', async () => {
    const path = join(folder, 'three.lock');
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((done) => setTimeout(done, 20));
      inside -= 1;
      throw new Error('failed');
    };
    const results = await Promise.allSettled([withLock(path, work), withLock(path, work), withLock(path, work)]);
    expect(results.map((one) => one.reason.message)).toEqual(['failed', 'failed', 'failed']);
    expect(most).toBe(1);
  });
});
