import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sweepTemp, tempFolder } from './index.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sweep-'));
});
beforeEach(async () => {
  for (const name of await readdir(root)) await rm(join(root, name), { recursive: true });
});
afterAll(() => rm(root, { recursive: true, force: true }));

const HOST = hostname().replaceAll(/[^A-Za-z0-9-]/g, '-');
/** A number that no process has: above what systems give out. */
const NOBODY = 2 ** 22 + 7;

describe('temp folders', () => {
  it('are removed with all that is in them, also twice', async () => {
    const folder = await tempFolder('import', root);
    await writeFile(join(folder.path, 'file'), 'x');
    await folder.remove();
    await folder.remove();
    expect(await readdir(root)).toEqual([]);
  });

  it('are left alone while their process lives', async () => {
    await tempFolder('import', root);
    await mkdir(join(root, `dengji-import.${HOST}.${process.ppid}.1.abcdef`));
    expect(await sweepTemp(root)).toBe(0);
    expect(await readdir(root)).toHaveLength(2);
  });

  it('of a killed process go at the next sweep', async () => {
    const child = fork(fileURLToPath(new URL('../../../test/make-temp-folder.mjs', import.meta.url)), [root], {
      execArgv: [],
    });
    await once(child, 'message');
    expect(await sweepTemp(root)).toBe(0);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await sweepTemp(root)).toBe(1);
    expect(await readdir(root)).toEqual([]);
  });

  it('of an earlier process with our number go, as after a restart in a container', async () => {
    await mkdir(join(root, `dengji-import.${HOST}.${process.pid}.1000.abcdef`));
    await tempFolder('import', root);
    expect(await sweepTemp(root)).toBe(1);
    expect(await readdir(root)).toHaveLength(1);
  });

  it('go after a day even when someone has their number', async () => {
    const path = join(root, `dengji-import.${HOST}.${process.ppid}.1.abcdef`);
    await mkdir(path);
    await utimes(path, 1, 1);
    expect(await sweepTemp(root)).toBe(1);
  });

  it('of other machines and other programs stay', async () => {
    const names = [`dengji-import.elsewhere.${NOBODY}.1.abcdef`, 'dengji-import', `tmp.${HOST}.${NOBODY}.1.abcdef`];
    for (const name of names) await mkdir(join(root, name));
    await mkdir(join(root, `dengji-import.${HOST}.${NOBODY}.1.abcdef`));
    expect(await sweepTemp(root)).toBe(1);
    expect((await readdir(root)).toSorted()).toEqual(names.toSorted());
  });
});
