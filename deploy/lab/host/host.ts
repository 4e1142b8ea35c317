import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LabPorts } from '../ports.ts';
import { startNginx } from './nginx.ts';
import { startSshd, type Sshd } from './sshd.ts';

/** One machine of the lab, as far as a machine is an address, folders, an sshd and an nginx. */
export interface LabHost {
  readonly name: string;
  readonly address: string;
  readonly root: string;
  readonly runtime: string;
  readonly logs: string;
  readonly nginxPid: number;
  readonly sshd: Sshd;
  stop(): Promise<void>;
}

export interface HostOptions {
  folder: string;
  name: string;
  address: string;
  ports: LabPorts;
  authorizedKey: string;
  /** What `setup --env-file` puts on a host. */
  env: Record<string, string>;
}

/** Makes a host as `setup` leaves one: folders, secrets, sshd, and an nginx that says "not ready". */
export async function startHost({ folder, name, address, ports, authorizedKey, env }: HostOptions): Promise<LabHost> {
  const at = (path: string) => join(folder, name, path);
  const [root, runtime, logs] = [at('root'), at('run'), at('log')];
  for (const path of [root, runtime, logs, join(root, 'env')]) mkdirSync(path, { recursive: true });
  const lines = Object.entries(env).map(([key, value]) => `${key}=${value}\n`);
  writeFileSync(join(root, 'env/dengji.env'), lines.join(''), { mode: 0o600 });
  const [sshd, nginx] = await Promise.all([
    startSshd({ folder: at('ssh'), address, port: ports.ssh, authorizedKey }),
    startNginx({ root, runtime, logs, address, port: ports.http }),
  ]);
  return {
    ...{ name, address, root, runtime, logs, sshd },
    nginxPid: nginx.pid,
    stop: async () => void (await Promise.all([sshd.stop(), nginx.stop()])),
  };
}
