import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { root } from './paths.mjs';

/** What a proof with these options makes of a command line: its answer, or its exit code and first sentence. */
function read(more, ...args) {
  const program = `import { readProofOptions } from './scripts/lib/proof.mjs';
    const { small, number, places } = readProofOptions('this', ${JSON.stringify(more)});
    console.log(JSON.stringify([small, number('rows', 5), places]));`;
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', program, '--', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return child.status === 0 ? JSON.parse(child.stdout) : [child.status, child.stderr.split('\n')[0]];
}
const numbers = { rows: 100 };

it('takes numbers from the command line, else those of its size', () => {
  expect(read({ numbers })).toEqual([false, 100, []]);
  expect(read({ numbers }, '--small')).toEqual([true, 5, []]);
  expect(read({ numbers }, '--small', '--rows', '7')).toEqual([true, 7, []]);
  expect(read({ numbers, places: ['SECONDS', 'SEED'] }, '30', '--rows=8')).toEqual([false, 8, [30]]);
});

it('refuses what it does not know, and a small form that is not there', () => {
  expect(read({ numbers }, '--row', '7')).toEqual([2, expect.stringContaining("Unknown option '--row'")]);
  expect(read({ numbers }, '--rows', 'many')).toEqual([2, '--rows is a number, not "many".']);
  expect(read({ numbers }, '30')).toEqual([2, expect.stringContaining("'30'")]);
  expect(read({ numbers, places: ['SECONDS'] }, '30', '40')).toEqual([2, '"40" is one too many.']);
  expect(read({ numbers, noSmall: 'see there.' }, '--small')).toEqual([
    2,
    'The proof "this" has no small form: see there.',
  ]);
});
