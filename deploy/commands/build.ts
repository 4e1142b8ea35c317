import type { Environment } from '../config/schema.ts';

/** Pure: installs what the lock file names. `production` is for the hosts, else what the build itself needs here. */
export function installArgv({ build }: Environment, production: boolean): string[] {
  const [os = 'linux', cpu = 'x64'] = build.platform.split('-');
  const forHosts = ['--omit=dev', `--os=${os}`, `--cpu=${cpu}`, '--libc=glibc'];
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  return ['npm', 'ci', ...quiet, ...(production ? forHosts : [])];
}

/** Pure: what `release.json` says about a release; the host program and `check` read it. */
export interface ReleaseFile {
  id: string;
  commit: string;
  ref: string;
  /** Version of the node that travels along. */
  node: string;
  platform: string;
  /** ISO time. */
  builtAt: string;
  /** Ids of all migrations there ever were, oldest first. */
  migrations: string[];
  /** Those of them after which older releases can't work any more: the end of an expand, migrate, contract. */
  contracts: string[];
}

/** Pure: `20261121-213000-1a2b3c4`; sorts by time. */
export function releaseId(at: Date, commit: string): string {
  const digits = at.toISOString().replace(/\D/g, '');
  return `${digits.slice(0, 8)}-${digits.slice(8, 14)}-${commit.slice(0, 7)}`;
}

export const isReleaseId = (text: string): boolean => /^\d{8}-\d{6}-[0-9a-f]{7,40}$/.test(text);
