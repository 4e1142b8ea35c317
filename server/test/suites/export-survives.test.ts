import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));

describe('the proof export, as small as it goes', () => {
  it('one moment’s rows beside writes, and the same file after its workers were killed with -9', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', 'server/test/proofs/export.ts', '--small'],
      { cwd: root, timeout: 280_000 },
    );
    const result: unknown = JSON.parse(stdout.trim().split('\n').at(-1)!);
    expect(result).toMatchObject({
      proof: 'export',
      missing: 0,
      doubled: 0,
      wrong: 0,
      foreign: 0,
      kills: 2,
      same: true,
      leftover: 0,
      temp: 0,
      ok: true,
    });
  }, 300_000);
});
