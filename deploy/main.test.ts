import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commands } from './cli/commands.ts';
import { parse } from './cli/options.ts';
import example from './environments/example.ts';
import { timingTable } from './cli/summary.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dengji-main-'));
  const environment = {
    ...example,
    canary: { key: 'k'.repeat(40) },
    build: { node: '20.20.2', cache: join(folder, 'cache') },
  };
  writeFileSync(join(folder, 'good.json'), JSON.stringify(environment));
  writeFileSync(join(folder, 'bad.json'), JSON.stringify({ ...environment, root: 'srv', nope: 1 }));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the program as people do. */
function deploy(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', MAIN, ...args], (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err });
    });
  });
}

test('a dry run prints the exact remote commands of a whole release, in order, and runs none', async () => {
  const { code, out } = await deploy('release', 'HEAD', '--env', join(folder, 'good.json'), '--dry-run');
  expect(code).toBe(0);
  const lines = out.split('\n').filter((line) => line.startsWith('ssh '));
  const at = (pattern: RegExp) => lines.findIndex((line) => pattern.test(line));
  const order = [
    /lock take/,
    / facts/,
    /receive .*--sha256/,
    /publish/,
    /migrate/,
    /-- 10.0.0.11 .*drain/,
    /-- h2.internal .*drain/,
  ];
  const places = order.map(at);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places.filter((place) => place < 0)).toEqual([]);
  expect(lines.every((line) => line.includes('BatchMode=yes'))).toBe(true);
}, 120_000);

test('what is wrong with a call or an environment file ends with 2 and says all of it', async () => {
  const bad = await deploy('check', '--env', join(folder, 'bad.json'), '--json');
  expect(bad.code).toBe(2);
  expect(JSON.parse(bad.out)).toMatchObject({ ok: false, exit: 2, command: 'check' });
  expect(bad.err).toMatch(/root: an absolute path[\s\S]*nope: there is no such field/);
  const [none, unknown] = await Promise.all([deploy('check'), deploy('relaese')]);
  expect([none.code, unknown.code]).toEqual([2, 2]);
  expect(none.out).toContain('--env NAME is missing');
}, 120_000);

test('every command explains itself', () => {
  const names = 'setup check release rollback canary status logs resume drain join prune lock unlock'.split(' ');
  expect(Object.keys(commands).toSorted()).toEqual(names.toSorted());
  for (const [name, { usage, summary, options, help }] of Object.entries(commands)) {
    expect(usage.startsWith(name)).toBe(true);
    expect(summary.length).toBeGreaterThan(20);
    for (const option of Object.keys(options)) expect(`${usage}${help}`).toContain(`--${option}`);
  }
});

test('an unknown option and a missing word are faults, not guesses', () => {
  const { release } = commands;
  if (!release) return expect.fail('there is no release');
  expect(() => parse(['main', '--forse'], release.options, release.words)).toThrow(/--forse/);
  expect(() => parse([], release.options, release.words)).toThrow(/something is missing/);
  expect(() => parse(['a', 'b'], release.options, release.words)).toThrow(/too many words/);
  expect(parse(['--help'], release.options, release.words).flags['help']).toBe(true);
});

test('the table at the end adds up what a step took on a host', () => {
  const timings = [
    { host: 'all', step: 'build', ms: 1000 },
    { host: 'h1', step: 'in', ms: 2000 },
    { host: 'h1', step: 'in', ms: 500 },
  ];
  expect(
    timingTable(timings)
      .split('\n')
      .map((line) => line.trim().split(/ {2,}/)),
  ).toEqual([['step', 'all', 'h1'], ['build', '1.0 s'], ['in', '2.5 s'], ['sum', '1.0 s', '2.5 s'], ['']]);
});
