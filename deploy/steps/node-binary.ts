import { existsSync } from 'node:fs';
import { copyFile, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Loaded } from '../config/load.ts';
import { Fault } from '../faults.ts';
import { cacheFolder } from './places.ts';
import { run } from './process.ts';
import type { Terminal } from './terminal.ts';

/** A node that carries all it needs is larger than this; a distribution's own is small and lives of shared libraries. */
const SELF_CONTAINED_BYTES = 60_000_000;

/**
 * The node binary for the hosts, of exactly the version of the environment: from the registry (its integrity is checked by
 * npm), else the one that runs this program, if it is the same version and platform.
 * @returns its path; the file's name is `node`
 */
export async function nodeBinary({ environment }: Loaded, terminal: Terminal): Promise<string> {
  const { node: version, platform } = environment.build;
  const target = join(cacheFolder(environment), 'node', `${version}-${platform}`, 'node');
  if (existsSync(target)) return target;
  await mkdir(dirname(target), { recursive: true });
  const scratch = `${target}.${process.pid}`;
  const install = ['npm', 'install', '--no-save', '--ignore-scripts', '--force', '--prefix', scratch];
  const { code } = await run([...install, `node-${platform}@${version}`], { timeoutS: 600 });
  const fetched = join(scratch, 'node_modules', `node-${platform}`, 'bin', 'node');
  if (code === 0 && existsSync(fetched)) await rename(fetched, target);
  else {
    if (!(await fits(version, platform))) {
      throw new Fault(
        `node ${version} for ${platform} can't be fetched from the registry (node-${platform}@${version}).`,
      );
    }
    terminal.say(`node ${version} can't be fetched: the one that runs here is taken`);
    await copyFile(process.execPath, `${target}.tmp`);
    await rename(`${target}.tmp`, target);
  }
  await rm(scratch, { recursive: true, force: true });
  return target;
}

async function fits(version: string, platform: string): Promise<boolean> {
  const same = process.version === `v${version}` && platform === `${process.platform}-${process.arch}`;
  return same && (await stat(process.execPath)).size > SELF_CONTAINED_BYTES;
}
