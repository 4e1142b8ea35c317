import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));

describe('the proof import, as small as it goes', () => {
  it('control 55: kill -9 of workers, and the import is that which nobody disturbed', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', 'server/test/proofs/import.ts', '--small'],
      { cwd: root, timeout: 280_000 },
    );
    const result: unknown = JSON.parse(stdout.trim().split('\n').at(-1)!);
    expect(result).toMatchObject({ proof: 'import', kills: 3, differences: 0, twice: 0, left: 0, ok: true });
  }, 300_000);
});
