import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HostSettings } from '../config/settings.ts';
import { PACKAGES, systemFiles, UNITS } from './files.ts';

export interface BundleOptions {
  settings: HostSettings;
  /** The node that runs the host program: a binary for the host's platform. */
  node: string;
  /** Secrets for the host: KEY=VALUE lines. Left as they are on the host when absent. */
  envFile?: string | undefined;
  /** The public key that releases are made with, as in authorized_keys. */
  authorizedKey?: string | undefined;
}

/**
 * Writes the folder that is carried to a host and run there as root: `sh setup.sh`. It may be run again at any time.
 * @param folder an empty one
 */
export function writeBundle(folder: string, { settings, node, envFile, authorizedKey }: BundleOptions): void {
  const { root, runtime, logs, user, address, ports } = settings;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const files = systemFiles(settings);
  for (const { path, text } of files) {
    const target = join(folder, 'files', path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text, { mode: 0o600 });
  }
  // One a line: mode, owner, path. Paths have no spaces (deploy/config/texts.ts).
  const list = files.map(({ mode, owner, path }) => `${mode} ${owner} ${path}\n`).join('');
  writeFileSync(join(folder, 'files.list'), list);
  const values = {
    ...{ ROOT: root, RUNTIME: runtime, LOGS: logs, ACCOUNT: user },
    ...{ PACKAGES: PACKAGES.join(' '), UNITS: UNITS.join(' ') },
    PUBLIC_PORTS: `${ports.http} ${ports.https}`,
    PEER_PORTS: `${ports.api} ${ports.canaryApi}`,
    PEERS: settings.peers.map((peer) => peer.address).join(' '),
    SLB: settings.slb.addresses.join(' '),
    ADDRESS: address,
  };
  const lines = Object.entries(values).map(([name, value]) => `${name}='${value.replaceAll("'", '')}'\n`);
  writeFileSync(join(folder, 'values.sh'), lines.join(''));
  copyFileSync(fileURLToPath(new URL('setup.sh', import.meta.url)), join(folder, 'setup.sh'));
  copyFileSync(node, join(folder, 'node'));
  chmodSync(join(folder, 'node'), 0o755);
  if (envFile !== undefined) {
    copyFileSync(envFile, join(folder, 'dengji.env'));
    chmodSync(join(folder, 'dengji.env'), 0o600);
  }
  if (authorizedKey !== undefined) writeFileSync(join(folder, 'authorized_key'), `${authorizedKey.trim()}\n`);
}
