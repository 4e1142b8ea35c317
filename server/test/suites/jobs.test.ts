import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));

describe('the proof jobs, as small as it goes', () => {
  it('control 54: a process stopped, one killed, Redis flushed and killed: every tick once, late writes refused', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', 'server/test/proofs/jobs.ts', '--small'],
      { cwd: root, timeout: 150_000 },
    );
    const result: unknown = JSON.parse(stdout.trim().split('\n').at(-1)!);
    expect(result).toMatchObject({ proof: 'jobs', tick_duplicates: 0, tick_missing: 0, late_kept: 0, ok: true });
  }, 160_000);
});
