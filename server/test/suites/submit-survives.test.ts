import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));

describe('the proof submit-survives, as small as it goes', () => {
  it('kill -9 of an API process, FLUSHALL, kill -9 of the primary: every submission once (51, 52, 53)', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', 'server/test/proofs/submit-survives.ts', '--small'],
      { cwd: root, timeout: 280_000 },
    );
    const result: unknown = JSON.parse(stdout.trim().split('\n').at(-1)!);
    expect(result).toMatchObject({ proof: 'submit-survives', lost: 0, double: 0, refused: 0, unknown: 0, ok: true });
  }, 300_000);
});
