import { execFileSync } from 'node:child_process';
import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeHost, release, sha256, until, type TestHost } from './test/host.ts';

let host: TestHost;
let fence: string;
beforeEach(async () => {
  host = await makeHost();
  fence = String(await host.take());
});
afterEach(() => host.close());

/** An artifact of a release, which is then not on the host any more. */
async function artifact(id: string): Promise<Buffer> {
  const folder = await host.addRelease(id);
  const file = join(host.root, `${id}.tgz`);
  execFileSync('tar', ['-czf', file, '-C', folder, '.']);
  await rm(folder, { recursive: true });
  return readFile(file);
}
const receive = (id: string, data: Buffer, sum = sha256(data), ...more: string[]) =>
  host.call(['receive', id, '--sha256', sum, '--fence', fence, ...more], data);
const onHost = () => readdir(join(host.root, 'releases'));

describe('receive', () => {
  it('unpacks an artifact with the right checksum, once', async () => {
    const data = await artifact(release(1));
    expect((await receive(release(1), data)).json).toMatchObject({ ok: true, already: false, bytes: data.length });
    expect((await receive(release(1), data)).json).toMatchObject({ ok: true, already: true });
    const { releases } = await host.facts();
    expect(releases).toMatchObject([{ id: release(1), sha256: sha256(data) }]);
    expect(await onHost()).toEqual([release(1)]);
    expect((await receive(release(1), data, 'a'.repeat(64))).json.code).toBe('release_differs');
  }, 600_000);

  it('leaves nothing behind of what is damaged, cut, of another release, no archive, or too large for the disk', async () => {
    const data = await artifact(release(1));
    const wrong = [
      await receive(release(1), data, 'a'.repeat(64)),
      await receive(release(1), data.subarray(0, data.length / 2), sha256(data)),
      await receive(release(2), data),
      await receive(release(1), Buffer.from('no archive')),
      await receive(release(1), data, sha256(data), '--bytes', '1000000000000000'),
    ];
    expect(wrong.map(({ exit, json }) => [exit, json.code])).toEqual([
      [70, 'checksum'],
      [70, 'unpack'],
      [70, 'wrong_release'],
      [70, 'unpack'],
      [70, 'disk_full'],
    ]);
    expect(await onHost()).toEqual([]);
  }, 600_000);

  it('whose line broke is made again from the start, and what lay there goes', async () => {
    const data = await artifact(release(1));
    const { child, answer } = host.begin(
      ['receive', release(1), '--sha256', sha256(data), '--fence', fence],
      undefined,
      false,
    );
    child.stdin!.write(data.subarray(0, 1000));
    await until(async () => (await onHost()).length > 0);
    child.kill('SIGKILL');
    await answer;
    expect(await onHost()).toEqual([`.incoming-${release(1)}`]);
    expect((await host.facts()).releases).toEqual([]);
    expect((await receive(release(1), data)).exit).toBe(0);
    expect(await onHost()).toEqual([release(1)]);
  }, 600_000);
});
