import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { EnvironmentInput } from '../config/schema.ts';
import type { LabHost } from './host/host.ts';
import type { LabPorts } from './ports.ts';
import type { Timing } from './timing.ts';

/** What differs from one environment file to the next of the same lab. */
export type Changes = Partial<EnvironmentInput>;

export interface EnvironmentOptions {
  folder: string;
  name: string;
  hosts: readonly LabHost[];
  ports: LabPorts;
  timing: Timing;
  slbs: readonly string[];
  repository: string;
  cache: string;
  key: string;
  knownHosts: string;
  publicOrigin: string;
}

/** Writes an environment file for the deploy program, and gives its path. */
export function writeEnvironment(options: EnvironmentOptions, changes: Changes = {}): string {
  const { folder, name, hosts, ports, timing, slbs, repository, cache, key, knownHosts, publicOrigin } = options;
  const { slb: _slb, ssh: _ssh, ...kept } = ports;
  const environment: EnvironmentInput = {
    name: 'lab',
    hosts: hosts.map((host) => ({
      name: host.name,
      address: host.address,
      loopback: host.address,
      sshPort: ports.ssh,
      root: host.root,
      runtime: host.runtime,
      logs: host.logs,
      commands: { nginxTest: ['nginx', '-t', '-q', '-c'], nginxReload: ['kill', '-HUP', String(host.nginxPid)] },
    })),
    user: userInfo().username,
    ports: kept,
    serverName: '_',
    publicOrigin,
    tls: { at: 'slb' },
    proxyProtocol: true,
    slb: { addresses: slbs.map((address) => `${address}/32`), probers: [...slbs], check: timing.check },
    ssh: {
      user: userInfo().username,
      key,
      options: [`UserKnownHostsFile=${knownHosts}`, 'StrictHostKeyChecking=yes', 'IdentitiesOnly=yes'],
      connectTimeoutS: 5,
    },
    build: { node: process.version.slice(1), platform: platform(), repository, cache, modules: 'checkout' },
    processes: { api: 2, memoryMb: 512 },
    canary: { key: 'the key of a lab, which is no secret to anybody'.replaceAll(/\W/g, '-') },
    lease: { seconds: timing.leaseS },
    drain: { deadlineS: timing.deadlineS },
    keep: { releases: 4, assetsDays: 14 },
    limits: { minFreeMb: 500, stepS: 120 },
    ...changes,
  };
  const path = join(folder, `${name}.json`);
  writeFileSync(path, JSON.stringify(environment, null, 2));
  return path;
}

const platform = () => (process.arch === 'arm64' ? 'linux-arm64' : 'linux-x64');
