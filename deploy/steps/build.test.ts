import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fakeFleet, someEnvironment } from '../test/fake-fleet.ts';
import { type Artifact, build, findSource } from './build.ts';

/** A checkout as small as one can be, with a build that counts how often it ran. */
let folder = '';
const at = (path: string) => join(folder, path);
const put = (path: string, text: string) => {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
};
const git = (...args: string[]) => execFileSync('git', ['-C', at('repository'), ...args], { encoding: 'utf8' }).trim();

const BUILD = `
import { appendFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
appendFileSync(${JSON.stringify('COUNT')}, 'x');
mkdirSync('server/dist/migrations', { recursive: true });
cpSync('server/migrations.js', 'server/dist/migrations/index.js');
mkdirSync('web/dist/assets', { recursive: true });
writeFileSync('web/dist/assets/a.js', '');
writeFileSync('web/dist/version.json', JSON.stringify({ build: process.env.BUILD }));
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dengji-artifact-'));
  const manifest = { name: 'small', version: '1.0.0', type: 'module', scripts: { build: 'node build.js' } };
  put('repository/package.json', JSON.stringify(manifest));
  const packages = { '': {}, 'node_modules/kept': {}, 'node_modules/dropped': { dev: true } };
  put('repository/package-lock.json', JSON.stringify({ name: 'small', lockfileVersion: 3, packages }));
  put('repository/build.js', BUILD.replace('"COUNT"', JSON.stringify(at('count'))));
  const migrations = [{ id: '2026-02-b', contract: true }, { id: '2026-01-a' }];
  put('repository/server/migrations.js', `export const migrations = ${JSON.stringify(migrations)};`);
  const scripts = ['scripts/backup.mjs', 'scripts/restore.mjs', 'scripts/lib/one.mjs'];
  for (const path of ['ecosystem.config.js', 'nginx/render.mjs', 'deploy/host/main.mjs', ...scripts])
    put(`repository/${path}`, '');
  put('repository/.gitignore', 'secret.env\nnode_modules\n');
  put('repository/secret.env', 'KEY=1');
  for (const name of ['kept', 'dropped']) put(`repository/node_modules/${name}/index.js`, '');
  git('init', '-q');
  git('add', '-A');
  git('-c', 'user.name=t', '-c', 'user.email=t@example.org', 'commit', '-q', '-m', 'one');
  // As if it had been fetched: the test needs no network.
  put('cache/node/20.20.2-linux-x64/node', 'a binary');
  put('repository/not-committed.txt', 'x');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fleet = () =>
  fakeFleet(
    undefined,
    someEnvironment({
      build: { node: '20.20.2', repository: at('repository'), cache: at('cache'), modules: 'checkout' },
    }),
  ).context;

async function buildHead(): Promise<Artifact> {
  const context = fleet();
  const source = await findSource(context.loaded.environment, 'HEAD', new Date('2026-11-21T10:00:00Z'));
  return await build(context, source, new AbortController().signal);
}

test('a commit is built once, from git alone, into one packed file with what a host needs and nothing else', async () => {
  const artifact = await buildHead();
  const names = execFileSync('tar', ['-tzf', artifact.file], { encoding: 'utf8' }).split('\n');
  for (const path of [
    'node/bin/node',
    'server/dist/migrations/index.js',
    'node_modules/kept/index.js',
    'release.json',
  ]) {
    expect(names).toContain(`./${path}`);
  }
  expect(names.filter((name) => /secret|not-committed|dropped|build\.js|migrations\.js$/.test(name))).toEqual([]);
  const version = execFileSync('tar', ['-xzOf', artifact.file, './web/dist/version.json'], { encoding: 'utf8' });
  expect(JSON.parse(version), 'pages know the release that they are of').toEqual({ build: artifact.release.id });
  const commit = git('rev-parse', 'HEAD');
  expect(artifact.release).toMatchObject({
    id: `20261121-100000-${commit.slice(0, 7)}`,
    ...{ commit, ref: 'HEAD', node: '20.20.2', platform: 'linux-x64' },
    migrations: ['2026-01-a', '2026-02-b'],
    contracts: ['2026-02-b'],
  });
  const inside = execFileSync('tar', ['-xzOf', artifact.file, './release.json'], { encoding: 'utf8' });
  expect(JSON.parse(inside)).toEqual(artifact.release);
  const sum = execFileSync('sha256sum', [artifact.file], { encoding: 'utf8' }).slice(0, 64);
  expect(artifact.sha256).toBe(sum);

  // Again: the same release, by another name of the commit, without a build.
  expect(await buildHead()).toEqual(artifact);
  expect(readFileSync(at('count'), 'utf8')).toBe('x');
  expect(existsSync(artifact.file)).toBe(true);
});

test('an unknown ref, and one that looks like an option, are a fault of the call', async () => {
  const { environment } = fleet().loaded;
  for (const ref of ['v9.9.9', '--help', 'HEAD^9']) {
    await expect(findSource(environment, ref)).rejects.toMatchObject({ exit: 2 });
  }
});

test('a build that fails says the end of what the tool said', async () => {
  put('repository/build.js', "console.error('src/a.ts(3,1): it is wrong'); process.exit(3);");
  git('add', 'build.js');
  git('-c', 'user.name=t', '-c', 'user.email=t@example.org', 'commit', '-q', '-m', 'broken');
  await expect(buildHead()).rejects.toThrow(/npm run build failed \(3\):[\s\S]*it is wrong/);
});
