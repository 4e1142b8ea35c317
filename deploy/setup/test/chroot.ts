/** A bare Debian in a folder, as a host is before `setup`. Made by debootstrap once and kept as a tar: root only, Linux only. */
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { cp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { removeLater } from '../../../scripts/lib/databases.mjs';

const run = promisify(execFile);
const SUITE = 'bookworm';
const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/dengji-hosts/', import.meta.url));
const BASE = join(CACHE, `${SUITE}-${process.arch}-1.tar`);
/** Packages that a host has downloaded: the next one need not. */
const PACKAGES = join(CACHE, `${SUITE}-${process.arch}-packages`);

export interface Chroot {
  path: string;
  /** Runs a program inside; `as` another account. Rejects with its output when it fails. */
  run(argv: readonly string[], as?: string): Promise<string>;
  remove(): void;
}

/** @throws Error when this machine can't make one, with what to do */
export async function makeChroot(): Promise<Chroot> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    throw new Error(
      'A chroot needs Linux and root. Run the tests as root (CI does), or only other steps: npm test -- --only NAMES',
    );
  await ensureBase();
  const path = mkdtempSync(join(tmpdir(), 'dengji-host-'));
  removeLater(path);
  await run('tar', ['-xf', BASE, '-C', path]);
  chmodSync(path, 0o755);
  await run('cp', ['/etc/resolv.conf', join(path, 'etc/resolv.conf')]);
  if (existsSync(PACKAGES)) await cp(PACKAGES, join(path, 'var/cache/apt/archives'), { recursive: true });
  return {
    path,
    run: async (argv, as = 'root') => {
      const options = {
        env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
        maxBuffer: 1 << 24,
      };
      const { stdout, stderr } = await run('chroot', [`--userspec=${as}`, path, ...argv], options).catch((error) => {
        throw new Error(`${argv.join(' ')}: ${error.message}\n${error.stdout}\n${error.stderr}`);
      });
      return stdout + stderr;
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** Keeps what a host downloaded for the next ones. */
export async function keepPackages(chroot: Chroot): Promise<void> {
  if (existsSync(PACKAGES)) return;
  const archives = join(chroot.path, 'var/cache/apt/archives');
  const debs = (await readdir(archives)).filter((name) => name.endsWith('.deb'));
  const fresh = `${PACKAGES}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  for (const name of debs) await cp(join(archives, name), join(fresh, name));
  if (existsSync(PACKAGES)) rmSync(fresh, { recursive: true });
  else renameSync(fresh, PACKAGES);
}

/** What every Debian host has, systemd among it. */
async function ensureBase(): Promise<void> {
  if (existsSync(BASE)) return;
  if (!existsSync('/usr/sbin/debootstrap'))
    throw new Error('debootstrap is not installed: apt-get install debootstrap');
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), 'dengji-base-'));
  removeLater(folder);
  const packages = '--include=systemd,systemd-sysv,ca-certificates';
  await run('/usr/sbin/debootstrap', ['--variant=minbase', packages, SUITE, folder], { maxBuffer: 1 << 26 });
  await run('tar', ['-cf', `${BASE}.${process.pid}`, '--exclude=./var/cache/apt/archives/*.deb', '-C', folder, '.']);
  renameSync(`${BASE}.${process.pid}`, BASE);
  rmSync(folder, { recursive: true, force: true });
}
