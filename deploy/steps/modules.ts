import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, realpath, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { installArgv } from '../commands/build.ts';
import type { Environment } from '../config/schema.ts';
import { cacheFolder, repositoryOf } from './places.ts';
import { must, run } from './process.ts';

/**
 * Puts node_modules into `folder`, a checkout. What was installed is kept by the hash of the lock file and linked, so that
 * only a change of dependencies installs again.
 * @param production for the hosts; else what the build needs on this machine
 */
export async function putModules(
  environment: Environment,
  folder: string,
  production: boolean,
  signal: AbortSignal,
): Promise<void> {
  if (environment.build.modules === 'checkout') return await fromCheckout(environment, folder, production);
  const kept = join(cacheFolder(environment), 'modules', await keyOf(environment, folder, production));
  if (!existsSync(kept)) {
    const scratch = `${kept}.${process.pid}`;
    await rm(scratch, { recursive: true, force: true });
    await mkdir(scratch, { recursive: true });
    for (const name of ['package.json', 'package-lock.json', '.npmrc']) {
      if (existsSync(join(folder, name))) await cp(join(folder, name), join(scratch, name));
    }
    await install(environment, scratch, production, signal);
    await mkdir(kept, { recursive: true });
    // The marker of completeness is the inner folder: renamed whole, or not there.
    await rename(join(scratch, 'node_modules'), join(kept, 'node_modules'));
    await rm(scratch, { recursive: true, force: true });
  }
  await linkTree(join(kept, 'node_modules'), join(folder, 'node_modules'));
}

async function install(
  environment: Environment,
  scratch: string,
  production: boolean,
  signal: AbortSignal,
): Promise<void> {
  await must(installArgv(environment, production), { cwd: scratch, signal, what: 'npm ci' });
}

/** What the checkout has installed: linked for the build, and the packages that production needs for the hosts. */
async function fromCheckout(environment: Environment, folder: string, production: boolean): Promise<void> {
  const repository = await realpath(join(repositoryOf(environment), 'node_modules'));
  if (!production) return await symlink(repository, join(folder, 'node_modules'));
  const lock = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean }>;
  };
  const wanted = Object.entries(lock.packages)
    .filter(([path, one]) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path) && !one.dev && !one.devOptional)
    .map(([path]) => path)
    .filter((path) => existsSync(join(repository, '..', path)));
  if (wanted.length === 0) return;
  const into = ['--parents', ...wanted, folder];
  const { code } = await run(['cp', '-al', ...into], { cwd: join(repository, '..') });
  if (code !== 0) await must(['cp', '-R', ...into], { cwd: join(repository, '..'), what: 'copying node_modules' });
}

async function keyOf({ build }: Environment, folder: string, production: boolean): Promise<string> {
  const hash = createHash('sha256').update(await readFile(join(folder, 'package-lock.json')));
  hash.update(JSON.stringify([production ? build.platform : [process.platform, process.arch, process.version]]));
  return `${hash.digest('hex').slice(0, 16)}-${production ? 'hosts' : 'build'}`;
}

/** Hard links where the file system can: 40,000 files in a second or two, and no room. Nothing changes a file in place. */
async function linkTree(from: string, to: string): Promise<void> {
  const { code } = await run(['cp', '-al', from, to]);
  if (code === 0) return;
  await rm(to, { recursive: true, force: true });
  await must(['cp', '-R', from, to], { what: 'copying node_modules' });
}
